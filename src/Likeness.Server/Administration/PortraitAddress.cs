using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Finds whose portrait an address means.</summary>
internal static class PortraitAddress
{
    public static Address Read(string text) =>
        Address.TryParse(text, out var address)
            ? address
            : throw new OperationRefusedException($"'{text}' is neither an e-mail address nor an OpenID.");

    /// <summary>The owner of the address; for one nobody owns the person it names.</summary>
    public static async Task<Identity> Owner(Address address, IPortraitStore portraits, CancellationToken cancellation)
    {
        foreach (var hash in address.Hashes)
        {
            if (await portraits.Resolve(hash, cancellation) is { } owner)
            {
                return owner;
            }
        }

        return new Identity(address.Text);
    }
}
