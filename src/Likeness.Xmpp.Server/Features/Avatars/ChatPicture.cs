using System.Globalization;
using Likeness.Imaging;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>Pictures as chats send them: base64 inside an element.</summary>
internal static class ChatPicture
{
    /// <summary>Decodes once and names the bytes by their hash. Bytes of an unknown format are a picture of type <c>application/octet-stream</c>.</summary>
    /// <param name="tooBig">Makes the error for more than <paramref name="most"/> bytes.</param>
    /// <param name="malformed">Makes the error for text that is no base64, or nothing.</param>
    public static Picture Decode(string base64, int most, Func<string, Exception> tooBig, Func<string, Exception> malformed)
    {
        var buffer = new byte[(base64.Length * 3 / 4) + 3];
        if (!Convert.TryFromBase64String(base64, buffer, out var length) || length == 0)
        {
            throw malformed("The picture is not valid base64 (RFC 4648 §4).");
        }

        if (length > most)
        {
            throw tooBig(string.Create(CultureInfo.InvariantCulture, $"The picture has {length} bytes; at most {most} are allowed."));
        }

        var bytes = buffer.AsMemory(0, length);
        return ImageGate.TryIdentify(bytes.Span, out var header)
            ? Picture.Of(bytes, header.Format.MediaType(), header.Width, header.Height)
            : Picture.Of(bytes, Unknown, 0, 0);
    }

    public const string Unknown = "application/octet-stream";
}
