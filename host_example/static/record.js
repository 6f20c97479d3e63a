// Shows the record anew when something was done to it, wherever that was.
document.addEventListener('chat-record', refresh);

// Asks for the page again, and puts its parts about records in place.
export async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok) return; // the server is away: it is asked again at the next change
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-record]')) {
    const fresh = page.getElementById(part.id);
    // What somebody is using or writing stays as it is.
    if (fresh && !part.contains(document.activeElement)) part.replaceWith(fresh);
  }
}
