using Likeness.Imaging;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>What operations work with.</summary>
/// <param name="Served">The domains in force; null when nobody said any: then every domain is accepted.</param>
public sealed record Workplace(IStores Stores, PortraitBook Book, ImageGate Gate, IImageRenderer Renderer, DomainPolicies? Served)
{
    /// <summary>Removes an account with everything of it; false: there is none. A running server also ends its sessions and tells its contacts.</summary>
    public Func<Identity, CancellationToken, ValueTask<bool>> RemoveAccount { get; init; } = async (account, cancellation) =>
    {
        await Book.Clear(account, Origin.Command, cancellation: cancellation);
        var removed = await Stores.Accounts.Remove(account, cancellation);
        Book.Forget(account);
        return removed;
    };

    /// <summary>Told after addresses came or went, so that the web side asks again whose they are.</summary>
    public Action AddressesChanged { get; init; } = () => { };
}
