using System.Buffers.Binary;
using System.Net;
using System.Text;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Resolving;

/// <summary>A question as it reached the stand-in.</summary>
internal sealed record DnsAsked(byte[] Query, bool IsStream, IPEndPoint Client)
{
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Query);

    public bool HasExtension => Query[11] == 1;

    public DnsType Type => (DnsType)BinaryPrimitives.ReadUInt16BigEndian(Query.AsSpan(NameEnd));

    /// <summary>The question's bytes, to be repeated.</summary>
    public byte[] Question => Query[12..(NameEnd + 4)];

    public string Name
    {
        get
        {
            var labels = new List<string>();
            for (var at = 12; Query[at] != 0; at += Query[at] + 1)
            {
                labels.Add(Encoding.ASCII.GetString(Query, at + 1, Query[at]));
            }

            return string.Join('.', labels);
        }
    }

    private int NameEnd => Array.IndexOf(Query, (byte)0, 12) + 1;
}
