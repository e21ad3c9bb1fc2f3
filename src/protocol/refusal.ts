// Why a frame is not let in: a close code and a reason. Knows nothing of the frame.
import { CloseCode } from "./close-codes.ts";

/** A verdict on a frame. It is returned, not thrown: refusing hostile input must cost nothing. */
export class Refusal {
  /** The code the connection is closed with. */
  readonly closeCode: CloseCode;
  /** The reason in the Close frame: fixed text, never taken from the frame. */
  readonly reason: string;

  constructor(closeCode: CloseCode, reason: string) {
    this.closeCode = closeCode;
    this.reason = reason;
    Object.freeze(this);
  }
}

/** The refusals there are, by what is wrong with the frame or with its rate. */
export const TOO_LARGE: Refusal = /* @__PURE__ */ new Refusal(CloseCode.tooLarge, "envelope too large");
export const TOO_DEEP: Refusal = /* @__PURE__ */ new Refusal(CloseCode.tooLarge, "envelope too deep");
export const NOT_JSON: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "not JSON");
export const DUPLICATE_KEY: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "duplicate key");
export const NUMBER_OUT_OF_RANGE: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "number out of range");
export const NOT_AN_OBJECT: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "not an object");
export const BAD_NAME: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "bad eventName");
export const RESERVED_NAME: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "reserved eventName");
export const BAD_HEADERS: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "bad headers");
export const BAD_ZAP_HEADER: Refusal = /* @__PURE__ */ new Refusal(CloseCode.badEnvelope, "bad headers.zap");
export const BINARY: Refusal = /* @__PURE__ */ new Refusal(CloseCode.unsupportedData, "binary is not spoken here");
export const RATE_LIMITED: Refusal = /* @__PURE__ */ new Refusal(CloseCode.rateLimited, "rate limit");
export const TOO_MANY_WAITING: Refusal = /* @__PURE__ */ new Refusal(CloseCode.rateLimited, "too many events wait");
export const NOT_AUTHENTICATED: Refusal = /* @__PURE__ */ new Refusal(CloseCode.unauthenticated, "not authenticated");
export const ONE_TOKEN: Refusal = /* @__PURE__ */ new Refusal(CloseCode.rateLimited, "one token at a time");
export const BAD_FRAME: Refusal = /* @__PURE__ */ new Refusal(CloseCode.protocolError, "bad frame");
export const BAD_UTF8: Refusal = /* @__PURE__ */ new Refusal(CloseCode.invalidText, "invalid UTF-8");
export const TOO_MANY_FRAGMENTS: Refusal = /* @__PURE__ */ new Refusal(CloseCode.policyViolation, "too many fragments");
export const TOO_MANY_PINGS: Refusal = /* @__PURE__ */ new Refusal(CloseCode.policyViolation, "too many pings");
