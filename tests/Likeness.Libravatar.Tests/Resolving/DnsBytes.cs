using System.Buffers.Binary;
using System.Text;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Resolving;

/// <summary>Writes DNS messages, right and wrong ones.</summary>
internal static class DnsBytes
{
    /// <summary>The owner's name is the question's.</summary>
    public static readonly byte[] SameName = [0xC0, 0x0C];

    public static byte[] Reply(DnsAsked asked, int code, byte[][] answers, byte[][]? authorities = null) =>
        Message(asked.Id, 0x8180 | code, asked.Question, answers, authorities ?? []);

    public static byte[] Reply(DnsAsked asked, params byte[][] answers) => Reply(asked, 0, answers);

    public static byte[] Truncated(DnsAsked asked) => Message(asked.Id, 0x8380, asked.Question, [], []);

    public static byte[] Message(int id, int flags, byte[] question, byte[][] answers, byte[][] authorities) =>
    [
        .. Number(id), .. Number(flags), .. Number(question.Length == 0 ? 0 : 1), .. Number(answers.Length), .. Number(authorities.Length), .. Number(0),
        .. question, .. answers.SelectMany(record => record), .. authorities.SelectMany(record => record),
    ];

    public static byte[] Question(string name, DnsType type) => [.. Name(name), .. Number((int)type), .. Number(1)];

    public static byte[] Srv(int priority, int weight, int port, string target, int seconds = 300, byte[]? owner = null) =>
        Record(owner ?? SameName, DnsType.Srv, seconds, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]);

    public static byte[] Cname(string target, byte[]? owner = null, int seconds = 300) =>
        Record(owner ?? SameName, DnsType.Cname, seconds, Name(target));

    public static byte[] Soa(string zone, int seconds, int minimum) =>
        Record(Name(zone), DnsType.Soa, seconds, [.. Name("ns." + zone), .. Name("host." + zone), .. new byte[16], .. Number(minimum >> 16), .. Number(minimum & 0xFFFF)]);

    public static byte[] Record(byte[] owner, DnsType type, int seconds, byte[] data) =>
        [.. owner, .. Number((int)type), .. Number(1), .. Number(seconds >> 16), .. Number(seconds & 0xFFFF), .. Number(data.Length), .. data];

    public static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]), 0];

    private static byte[] Number(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
