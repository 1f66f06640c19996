using Likeness.Libravatar;

namespace Likeness.Server.Administration;

/// <summary>Reads what an operator typed for an address.</summary>
internal static class PortraitAddress
{
    public static Address Read(string text) =>
        Address.TryParse(text, out var address) && !IsBareWord(text)
            ? address
            : throw new OperationRefusedException($"'{text}' is neither an e-mail address nor an OpenID.");

    /// <summary>Could be an OpenID by the letter; an operator who typed it left out the domain.</summary>
    private static bool IsBareWord(string text) => text.AsSpan().IndexOfAny('@', '.', ':') < 0;
}
