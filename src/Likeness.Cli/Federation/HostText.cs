using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Likeness.Libravatar;

namespace Likeness.Cli.Federation;

/// <summary>Host names as people write them.</summary>
internal static class HostText
{
    /// <summary>Lower-case A-labels without the last dot; null when it is no host name.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        try
        {
            return text is not null && HostSanity.TryClean(new IdnMapping().GetAscii(text.TrimEnd('.')), out host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
