"""A guardian beside a registrar and a pupil of the lower school: seen by all, moved by none."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_guardian_is_there_from_the_first_word_until_the_rule_ends(nora, arrive, office, watch):
    mother = arrive("guardian", "Mila Nováková")
    child = arrive(account=office.child_of(mother.account, "Pia Nováková", class_name="5A"))
    registrar, family, pupil = nora.tab("/registrar"), mother.tab("/"), child.tab("/")
    for tab in (registrar, family, pupil):
        tab.open_chat()
    registrar.chat.get_by_role("button", name="Start a conversation").click()
    registrar.chat.get_by_role("searchbox", name="Search people").fill("Pia Nov")
    registrar.chat.get_by_role("button", name="Pia Nováková").click()
    registrar.write("Your lock is at the office.")

    family.choose("Nora Lindqvist and Pia Nováková")
    family.sees("Your lock is at the office.")
    expect(family.main.locator(".subtitle")).to_have_text("You are here by a rule of the school")
    family.write("She comes by, thank you.")
    pupil.choose("Nora Lindqvist")
    pupil.sees("Your lock is at the office.", "She comes by, thank you.")
    for tab in (registrar, pupil):
        expect(tab.main.locator(".subtitle")).to_have_text("With Mila Nováková, by rule")
    registrar.show_details()
    expect(registrar.main.locator(".reason")).to_contain_text("In grades 5 and 6 a guardian")
    expect(registrar.main.get_by_role("button", name="Remove")).to_have_count(0)

    watch.expect("401")
    office.expel(mother.account)
    expect(registrar.main.locator(".reason")).to_have_count(0)
    expect(pupil.main.locator(".subtitle")).not_to_contain_text("by rule")
    pupil.sees("Your lock is at the office.", "She comes by, thank you.")
