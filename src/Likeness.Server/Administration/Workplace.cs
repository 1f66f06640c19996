using Likeness.Imaging;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>What operations work with.</summary>
/// <param name="Served">The domains in force; null when nobody said any: then every domain is accepted.</param>
public sealed record Workplace(IStores Stores, PortraitBook Book, ImageGate Gate, IImageRenderer Renderer, DomainPolicies? Served)
{
    /// <summary>Told after the credentials of an account changed or the account went, so that its sessions end.</summary>
    public Action<Identity> AccountChanged { get; init; } = _ => { };

    /// <summary>Told after addresses came or went, so that the web side asks again whose they are.</summary>
    public Action AddressesChanged { get; init; } = () => { };
}
