// Notes in the page what a request came to, where it stays when the component has gone.
interface Outcome {
  readonly status: "answered" | "failed";
  readonly error: { readonly code: string } | undefined;
}

/** Notes the code of a failure, or that there was an answer. */
export function noteOutcome({ status, error }: Outcome): void {
  document.body.dataset.outcome = error?.code ?? status;
}
