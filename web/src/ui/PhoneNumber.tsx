/** A number in groups that can be read aloud; the text itself stays the plain number, for copying. */

/** Mainland mobile numbers 3-4-4, also when masked; everything else in one piece. Pure. */
export function numberGroups(number: string): string[] {
  const parts = /^(\+?86)?([1*•][\d*•]{2})([\d*•]{4})([\d*•]{4})$/.exec(number);
  return parts ? parts.slice(1).filter(Boolean) : [number];
}

export function PhoneNumber({ number }: { number: string }) {
  return (
    <span className="phone-number">
      {numberGroups(number).map((group, index) => (
        <span key={index} style={index === 0 ? undefined : { marginLeft: '0.28em' }}>
          {group}
        </span>
      ))}
    </span>
  );
}
