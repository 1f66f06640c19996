using Likeness.Libravatar;

namespace Likeness.Server.Administration.Bulk;

/// <summary>Which addresses an operator's import may take.</summary>
internal static class ImportRules
{
    /// <summary>The address and whose it will be. Throws <see cref="OperationRefusedException"/>: no address, a foreign domain nobody vouches for, or somebody else's.</summary>
    /// <param name="trust">The operator vouches for addresses of domains that are not served here.</param>
    public static async Task<(Address Address, Identity Owner, bool IsNew)> Read(OperationContext context, string text, string? ownerText, bool trust, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.ReadNew(text);
        PortraitAddress.RefuseStranger(address, context.Served, trust);
        var present = await context.Addresses.Find(address, cancellationToken);
        var owner = ownerText is null
            ? present ?? new Identity(address.Text)
            : await context.Addresses.OwnerOf(PortraitAddress.Read(ownerText), cancellationToken);
        return present is null || present == owner
            ? (address, owner, present is null)
            : throw new OperationRefusedException($"{address} belongs to {present} already.");
    }
}
