using Likeness.Libravatar;

namespace Likeness;

/// <summary>
/// Which tags behind a plus in the local part (<c>juliet+github@example.org</c>) stand for the person without it. A hash cannot be
/// undone, so only listed tags can be asked by hash; asked by the plain address, every tag works as soon as any is allowed.
/// </summary>
/// <param name="Listed">Tags that are answered by hash too, lower-case; they cost two hashes per address each.</param>
/// <param name="Any">Plain addresses may have any tag even if none is listed.</param>
public sealed record PlusTags(IReadOnlyList<string> Listed, bool Any)
{
    /// <summary>An address with a plus is another address.</summary>
    public static PlusTags None { get; } = new([], false);

    /// <summary>The address without its tag; null when it has none, or tags mean nothing here.</summary>
    public Address? WithoutTag(Address address)
    {
        var plus = address.Kind == AddressKind.Email && (Any || Listed.Count > 0) ? address.Text.IndexOf('+', StringComparison.Ordinal) : -1;
        return plus > 0 && plus < address.Text.LastIndexOf('@') ? Address.Email($"{address.Text[..plus]}@{address.Domain}") : null;
    }

    /// <summary>The hashes of the address with each listed tag; none for an address that has a plus itself.</summary>
    public IEnumerable<AddressHash> HashesOf(Address address) =>
        address.Kind == AddressKind.Email && !address.Text.Contains('+', StringComparison.Ordinal)
            ? Listed.Select(tag => Address.Email($"{address.Text[..address.Text.LastIndexOf('@')]}+{tag}@{address.Domain}")).SelectMany(tagged => tagged.Hashes)
            : [];
}
