using Likeness.Libravatar;

namespace Likeness.Server.Administration;

/// <summary>Reads what an operator typed for an address.</summary>
internal static class PortraitAddress
{
    public static Address Read(string text) =>
        Address.TryParse(text, out var address)
            ? address
            : throw new OperationRefusedException($"'{text}' is neither an e-mail address nor an OpenID.");
}
