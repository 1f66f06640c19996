using System.Text;

namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>Spoils bytes in the ways in which strangers and bad lines do: changed, left out, said twice, and with something in between.</summary>
internal static class Spoiling
{
    /// <param name="changes">As many, or fewer.</param>
    /// <param name="snippets">What is put in between; none: nothing is.</param>
    public static byte[] Spoil(IEnumerable<byte> whole, Random random, int changes, params string[] snippets)
    {
        var bytes = whole.ToList();
        for (; changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(snippets.Length > 0 ? 5 : 4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at)));
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(snippets[random.Next(snippets.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
