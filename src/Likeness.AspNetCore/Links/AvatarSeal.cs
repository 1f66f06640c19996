using System.Text;
using Likeness.Libravatar;
using Microsoft.AspNetCore.WebUtilities;

namespace Likeness.AspNetCore.Links;

/// <summary>Turns tickets into text that says nothing to strangers, and back. The first key closes, every key opens.</summary>
internal sealed class AvatarSeal(IEnumerable<string> keys)
{
    private const int MaxLength = 1024;

    private readonly SealKey[] _keys = [.. keys.Select(key => new SealKey(Encoding.UTF8.GetBytes(key)))];

    /// <summary>Always the same for the same ticket, so that browsers keep the picture.</summary>
    public string Close(AvatarTicket ticket) => WebEncoders.Base64UrlEncode(_keys[0].Close(ticket.Write()));

    /// <summary>Null when it is not one of ours.</summary>
    public AvatarTicket? Open(string token)
    {
        if (token.Length > MaxLength || Decode(token) is not { } whole)
        {
            return null;
        }

        return Array.ConvertAll(_keys, key => key.Open(whole)).FirstOrDefault(text => text is not null) is { } text ? AvatarTicket.Read(text) : null;
    }

    /// <summary>Null unless it is spelled as we spell it: one picture has one URL.</summary>
    private static byte[]? Decode(string token)
    {
        try
        {
            var whole = WebEncoders.Base64UrlDecode(token);
            return WebEncoders.Base64UrlEncode(whole) == token ? whole : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Chooses the colour of a person's neutral face.</summary>
    public byte Shade(Address address) => _keys[0].Shade(Encoding.UTF8.GetBytes(address.Text));
}
