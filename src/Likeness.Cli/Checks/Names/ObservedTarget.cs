using Likeness.Cli.Federation;

namespace Likeness.Cli.Checks.Names;

/// <summary>A host that SRV records lead to, and what DNS said about it.</summary>
/// <param name="MayConnect">Whether any of its addresses may be gone to from here.</param>
internal sealed record ObservedTarget(string Host, HostAddresses Addresses, bool MayConnect);
