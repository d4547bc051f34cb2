/** While it is not known yet who is there: the same as in index.html, so that nothing jumps when the scripts have come. */
export function Loading() {
  return (
    <div className="loading" role="progressbar" aria-label="Loading">
      Dialwright
    </div>
  );
}
