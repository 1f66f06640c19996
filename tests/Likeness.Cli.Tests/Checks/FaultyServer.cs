using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Web;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Fetching;

namespace Likeness.Cli.Tests.Checks;

/// <summary>A small avatar server that does everything right but one thing.</summary>
/// <param name="fault">The one thing; empty: everything is right.</param>
/// <param name="other">Where another server is, for redirects.</param>
internal sealed class FaultyServer(string fault, string person, Func<string> other)
{
    private const string Headers = "X-Content-Type-Options: nosniff\r\nAccess-Control-Allow-Origin: *\r\nCache-Control: public, max-age=300\r\nETag: \"1\"\r\n";

    public byte[] Answer(string request)
    {
        var words = request.Split(' ');
        var (method, target) = (words[0], words[1]);
        var answer = method switch
        {
            "GET" => Picture(target, request),
            "HEAD" when fault == "head" => Send(405, "text/plain", "No."u8.ToArray()),
            "HEAD" => Picture(target, request),
            _ => fault == "options" ? Send(405, "text/plain", []) : Send(204, "text/plain", []),
        };
        if (method != "HEAD")
        {
            return answer;
        }

        var head = Encoding.Latin1.GetString(answer)[..(Encoding.Latin1.GetString(answer).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
        return Answers.Latin1(fault == "head-differs" ? head.Replace("image/png", "text/html", StringComparison.Ordinal) : head);
    }

    private byte[] Picture(string target, string request)
    {
        var url = new Uri("http://server" + target);
        var query = HttpUtility.ParseQueryString(url.Query);
        var name = url.AbsolutePath["/avatar/".Length..];
        var (hash, extension) = name.LastIndexOf('.') is var dot and > 0 && fault != "extension" ? (name[..dot], name[dot..]) : (name, "");
        hash = fault == "upper" ? hash : hash.ToLowerInvariant();
        var d = query["d"] ?? "";
        var isHash = AddressHash.TryParse(hash, out _);
        if (Detour(target, d, isHash) is { } detour)
        {
            return detour;
        }

        if (request.Contains("If-None-Match: \"1\"", StringComparison.Ordinal) && fault != "not-modified")
        {
            return Send(304, "", []);
        }

        var address = Address.Email(person);
        var isPerson = hash == address.Md5.Text || (hash == address.Sha256.Text && fault != "sha256");
        if (!isPerson && d == "404" && fault != "not-found")
        {
            return Send(404, fault == "not-found-page" ? "text/html" : "text/plain", "There is none."u8.ToArray());
        }

        var size = Size(query["s"]);
        if (size is null || (fault == "default" && d == "monsterid") || (fault == "extension" && name.Contains('.')))
        {
            return Send(400, "text/plain", "No."u8.ToArray());
        }

        var number = (isPerson, d) switch
        {
            (true, _) => fault == "differ" ? hash.Length : 1,
            (_, "identicon") when isHash && fault != "same" => Convert.ToInt32(hash[..2], 16),
            _ => 3,
        };
        var isJpeg = extension == ".jpg" && fault != "extension-ignored";
        return Send(200, isJpeg ? fault == "type" ? "image/jpg" : "image/jpeg" : "image/png", isJpeg ? Jpeg(size.Value) : Png(size.Value, number));
    }

    private byte[]? Detour(string target, string d, bool isHash) => fault switch
    {
        "strangers-none" when !IsPerson(target) => Send(404, "text/plain", "There is none."u8.ToArray()),
        "nobody" => Send(404, "text/plain", "There is none."u8.ToArray()),
        "no-avatars" => Send(404, "text/html", "<html>No</html>"u8.ToArray()),
        "open-redirect" when d.Contains("evil.example", StringComparison.Ordinal) && !d.StartsWith("http", StringComparison.OrdinalIgnoreCase) => Answers.Redirect(d.Split('\r')[0]),
        "open-redirect-user" when d.Contains('@') => Answers.Redirect(d),
        "injection" when d.Contains('\n') => Answers.Status(404, $"X-Echo: {d}\r\n"),
        "loop" when d.Length == 0 => Answers.Redirect(target),
        "chain" when d == "mm" && !target.Contains("hop=3", StringComparison.Ordinal) => Answers.Redirect($"{target.Split("&hop=")[0]}&hop={(target.Contains("hop=", StringComparison.Ordinal) ? int.Parse(target[^1..], CultureInfo.InvariantCulture) + 1 : 1)}"),
        "downgrade" when d == "mm" => Answers.Redirect(other() + target),
        "bad-hash" when !isHash => Send(200, "text/html", "<html>Welcome</html>"u8.ToArray()),
        "bad-hash-page" when !isHash => Send(404, "text/html", "<html>No</html>"u8.ToArray()),
        "error" when !isHash => Send(500, "text/plain", "Sorry."u8.ToArray()),
        "error-paths" when !isHash => Send(500, "text/plain", "Traceback (most recent call last): File /srv/avatars/serve.py"u8.ToArray()),
        "person-failed" when d == "404" => Send(403, "text/plain", "No."u8.ToArray()),
        _ => null,
    };

    private bool IsPerson(string target) => Address.Email(person).Hashes.Any(hash => target.Contains(hash.Text, StringComparison.OrdinalIgnoreCase));

    private int? Size(string? text)
    {
        if (fault == "size")
        {
            return 80;
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size);
        return (isNumber, size) switch
        {
            (true, > 512) => fault == "over" ? null : fault == "over-small" ? 80 : 512,
            (true, > 0) => size,
            _ => text is null ? 80 : fault == "bad-size" ? null : fault == "bad-size-small" ? 1 : 80,
        };
    }

    private byte[] Send(int status, string type, byte[] body)
    {
        var headers = fault switch
        {
            "nosniff" => Headers.Replace("X-Content-Type-Options: nosniff\r\n", "", StringComparison.Ordinal),
            "cors" => Headers.Replace("Access-Control-Allow-Origin: *\r\n", "", StringComparison.Ordinal),
            "cookies" => Headers + "Set-Cookie: visitor=1\r\n",
            "cache" => Headers.Replace("Cache-Control: public, max-age=300\r\n", "", StringComparison.Ordinal),
            "validator" => Headers.Replace("ETag: \"1\"\r\n", "", StringComparison.Ordinal),
            _ => Headers,
        };
        var length = status is 204 or 304 ? "" : $"Content-Length: {body.Length}\r\n";
        return [.. Answers.Latin1($"HTTP/1.1 {status} Some\r\n{(type.Length == 0 ? "" : $"Content-Type: {type}\r\n")}{length}{headers}\r\n"), .. body];
    }

    private static byte[] Png(int size, int number)
    {
        var rows = new byte[size * (size + 1)];
        for (var at = 0; at < rows.Length; at++)
        {
            rows[at] = (byte)(at % (size + 1) == 0 ? 0 : number);
        }

        return TestPicture.Png(size, size, colour: 0, rows);
    }

    /// <summary>As much of a JPEG as tells its size.</summary>
    private static byte[] Jpeg(int size)
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0, 0xFF, 0xD9];
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(7), (ushort)size);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(9), (ushort)size);
        return jpeg;
    }
}
