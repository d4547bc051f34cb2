/** A phone number: from left to right beside any name, and never cut. */
export function PhoneNumber({ value }: { value: string }) {
  return (
    <bdi dir="ltr" style={{ whiteSpace: 'nowrap' }}>
      {value}
    </bdi>
  );
}
