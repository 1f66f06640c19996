using System.Globalization;
using System.Text;

namespace Likeness.Http.Tests.Hosting;

/// <summary>One HTTP answer as it came over the wire.</summary>
internal sealed record Answer(int Status, IDictionary<string, string> Headers, string Body)
{
    public string this[string name] => Headers[name];

    /// <summary>Reads one answer; null at the end of the stream.</summary>
    public static async Task<Answer?> Read(Stream stream, bool isHead, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
            {
                return head.Length == 0 ? null : throw new EndOfStreamException(head.ToString());
            }

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
        var length = isHead || status is 204 or 304 ? 0 : int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new Answer(status, headers, Encoding.UTF8.GetString(body));
    }

    /// <summary>Everything but the time of day, in a fixed order.</summary>
    public string Comparable() =>
        $"{Status} {string.Join("; ", Headers.Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal))} {Body}";
}
