"""Names from many scripts, for the people of the demo.

A family name written ``Νικολαΐδης|Νικολαΐδου`` has one form for him and one for her.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Tradition:
    """How one language community names people."""

    language: str
    families: str
    women: str
    men: str
    pattern: str = "{given} {family}"

    def full_name(self, random: Random, family: str, *, woman: bool) -> str:
        """Return a whole name for a member of ``family``."""
        given = random.choice((self.women if woman else self.men).split(", "))
        forms = family.split("|")
        return self.pattern.format(given=given, family=forms[-1] if woman else forms[0])


TRADITIONS = (
    Tradition(
        "English",
        "Whitcombe, Fairweather, O’Dwyer, Harrow, Pemberton, Lockwood",
        "Beatrice, Maeve, Harriet, Pia, Rosalind, Imogen, Winifred",
        "Rowan, Declan, Jasper, Alistair, Theo, Callum, Edmund",
    ),
    Tradition(
        "Norwegian",
        "Sjøberg, Ødegård, Kjærvik, Østby, Bråten",
        "Åse, Frøydis, Linnéa, Sunniva, Ragnhild, Synnøve",
        "Øyvind, Håkon, Bjørn, Sølve, Eirik, Åsmund",
    ),
    Tradition(
        "Arabic",
        "الخطيب, حداد, النجار, منصور, قاسم",
        "ليلى, نور, هالة, سلمى, رنا, فاطمة",
        "كريم, يوسف, طارق, عمر, سامي, زياد",
    ),
    Tradition(
        "Polish",
        "Wiśniewski|Wiśniewska, Żuławski|Żuławska, Dąbrowski|Dąbrowska, Zając",
        "Małgorzata, Łucja, Zofia, Świętosława, Halina, Bogumiła",
        "Michał, Łukasz, Paweł, Stanisław, Bożydar, Grzegorz",
    ),
    Tradition(
        "Ukrainian",
        "Шевченко, Коваленко, Бондар, Гончар, Кравець",
        "Оксана, Ярина, Соломія, Дарʼя, Леся, Мирослава",
        "Тарас, Юрій, Остап, Сергій, Назар, Євген",
    ),
    Tradition(
        "Portuguese",
        "Gonçalves, Conceição, Magalhães, Simões, Araújo",
        "Inês, Graça, Mafalda, Lúcia, Antónia",
        "João, Estêvão, Tomé, Simão, António",
    ),
    Tradition(
        "Chinese",
        "王, 陈, 欧阳, 林, 周",
        "雨桐, 思颖, 佳怡, 静, 若溪, 晓彤",
        "浩然, 志远, 明轩, 伟, 子墨, 建国",
        pattern="{family}{given}",
    ),
    Tradition(
        "Turkish",
        "Yıldız, Çelik, Şahin, Öztürk, Güneş",
        "Ayşe, Gülşen, Işıl, Özlem, Şule",
        "İbrahim, Çağlar, Oğuz, Tuğrul, Ümit",
    ),
    Tradition(
        "Greek",
        "Παπαδόπουλος|Παπαδοπούλου, Νικολαΐδης|Νικολαΐδου, Καραγιάννης|Καραγιάννη, "
        "Αγγελίδης|Αγγελίδου",
        "Ελένη, Δήμητρα, Αθηνά, Χρυσούλα, Ιωάννα",
        "Γιώργος, Αλέξανδρος, Θεόδωρος, Πέτρος, Στέλιος",
    ),
    Tradition(
        "Hebrew",
        "לוי, מזרחי, ברקוביץ, אלון, כהן",
        "נועה, תמר, יעל, שירה, רבקה",
        "איתן, דוד, אורי, יונתן, גיל",
    ),
    Tradition(
        "French",
        "Lefèvre, Béranger, Duchêne, Maçon, L’Hérault",
        "Chloé, Hélène, Océane, Solène, Maëlys",
        "François, Loïc, Gaëtan, Rémi, Clément",
    ),
    Tradition(
        "Korean",
        "김, 박, 이, 최, 정",
        "서연, 지우, 하은, 민지, 유진",
        "도윤, 준호, 현우, 시우, 태민",
        pattern="{family}{given}",
    ),
    Tradition(
        "Hindi",
        "शर्मा, वर्मा, पाटील, जोशी, त्रिवेदी",
        "अनन्या, प्रिया, मीरा, काव्या, स्मृति",
        "आरव, रोहन, विवेक, अर्जुन, कृष्ण",
    ),
    Tradition(
        "Vietnamese",
        "Nguyễn, Trần, Phạm, Đặng, Vũ",
        "Thị Hồng, Mỹ Duyên, Ngọc Ánh, Thùy Linh, Bích",
        "Văn Đức, Quốc Bảo, Minh Khôi, Hữu Phước, Tuấn",
        pattern="{family} {given}",
    ),
    Tradition(
        "Thai",
        "ศรีสุวรรณ, จันทร์แก้ว, วงศ์ไทย, บุญมี",
        "กมลวรรณ, พิมพ์ชนก, สุดารัตน์, มาลี, เพ็ญศรี",
        "ธนกร, สมชาย, ภูมิพัฒน์, อนุชา, ไพโรจน์",
    ),
    Tradition(
        "Amharic",
        "ተስፋዬ, ከበደ, አለሙ, ገብረ, ወልዴ",
        "ሰላም, ሄለን, ምሕረት, ሕይወት, ብርቱካን",
        "ዳዊት, ዮናስ, ሀብታሙ, ብሩክ, ናሆም",
    ),
    Tradition(
        "Yoruba",
        "Adéṣínà, Ọlátúnjí, Akínwálé, Ọ̀ṣúntókun",
        "Títílayọ̀, Ọmọ́ladé, Yétúndé, Fọláṣadé",
        "Ayọ̀délé, Olúwaṣeun, Kọ́ládé, Babátúndé",
    ),
    Tradition(
        "Georgian",
        "ბერიძე, კაპანაძე, გელაშვილი, მაისურაძე",
        "ნინო, თამარ, მარიამ, ქეთევან, ეკატერინე",
        "გიორგი, ლევან, დავით, ზურაბ, ირაკლი",
    ),
    Tradition(
        "Armenian",
        "Հակոբյան, Սարգսյան, Պետրոսյան, Գրիգորյան",
        "Անահիտ, Նարե, Մարիամ, Լուսինե, Շուշան",
        "Արամ, Հայկ, Տիգրան, Դավիթ, Վահե",
    ),
    Tradition(
        "Japanese",
        "佐藤, 渡辺, 小林, 五十嵐",
        "美咲, 陽菜, さくら, 結衣, 葵",
        "大翔, 健太, 蓮, 悠真, 翼",
        pattern="{family} {given}",
    ),
)
