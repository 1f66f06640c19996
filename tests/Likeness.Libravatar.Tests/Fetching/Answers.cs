using System.Text;

namespace Likeness.Libravatar.Tests.Fetching;

/// <summary>Answers of a web server, as bytes.</summary>
internal static class Answers
{
    public static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. "rest of the picture"u8];

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    public static byte[] Picture(byte[] body, string headers = "Content-Type: image/png\r\n") =>
        [.. Latin1($"HTTP/1.1 200 OK\r\n{headers}Content-Length: {body.Length}\r\n\r\n"), .. body];

    public static byte[] Status(int status, string headers = "") =>
        Latin1($"HTTP/1.1 {status} Some\r\n{headers}Content-Length: 0\r\n\r\n");

    public static byte[] Redirect(string location, int status = 302) => Status(status, $"Location: {location}\r\n");
}
