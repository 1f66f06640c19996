using System.Globalization;
using Likeness.Imaging;

namespace Likeness.Xmpp.Server.Avatars;

/// <summary>Pictures as chats send them: base64 inside an element.</summary>
internal static class ChatPicture
{
    /// <summary>Decodes once and names the bytes by their hash. Bytes of an unknown format are a picture of type <c>application/octet-stream</c>.</summary>
    /// <param name="tooBig">Makes the error for more than <paramref name="most"/> bytes.</param>
    /// <param name="malformed">Makes the error for text that is no base64, or nothing.</param>
    public static Picture Decode(string base64, int most, Func<string, Exception> tooBig, Func<string, Exception> malformed)
    {
        if (!StrictBase64.TryDecodeWithWhitespace(base64, out var bytes) || bytes.Length == 0)
        {
            throw malformed("The picture is not valid base64 (RFC 4648 §4).");
        }

        if (bytes.Length > most)
        {
            throw tooBig(string.Create(CultureInfo.InvariantCulture, $"The picture has {bytes.Length} bytes; at most {most} are allowed."));
        }

        return ImageGate.TryIdentify(bytes, out var header)
            ? Picture.Of(bytes, header.Format.MediaType(), header.Width, header.Height)
            : Picture.Of(bytes, Unknown, 0, 0);
    }

    public const string Unknown = "application/octet-stream";
}
