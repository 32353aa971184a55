// Puts the focus on the summary of mistakes, so that a screen reader reads it and a keyboard starts there.
document.getElementById("errors")?.focus();
