// Copies a text to the clipboard. The button shows itself only where that can be done; without it the text is marked by hand.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-satudata-copy]")) {
    const field = document.getElementById(button.dataset.satudataCopy);
    if (!field) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.focus();
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy");
      }
      button.textContent = button.dataset.satudataCopied;
    });
  }
});
