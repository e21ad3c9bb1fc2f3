// What all events of the bench carry: an envelope of 70 bytes, as an echo.
export const payload = { id: 12345, text: "hello there, you!" };
