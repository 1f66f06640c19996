using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Imaging.Faces;

/// <summary>What decides about a face's parts: the SHA-256 of the face's name and the hash text. Each choice uses up two bytes of its own, so that no choice depends on another.</summary>
internal sealed class FaceSeed(string face, string hash)
{
    private const int BytesPerChoice = 2;

    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{face}:{hash.ToLowerInvariant()}"));
    private int _used;

    /// <summary>How many drawings the choices so far can lead to.</summary>
    public double Possibilities { get; private set; } = 1;

    public T Pick<T>(IReadOnlyList<T> parts)
    {
        Possibilities *= parts.Count;
        var number = BinaryPrimitives.ReadUInt16LittleEndian(_digest.AsSpan(_used, BytesPerChoice));
        _used += BytesPerChoice;
        return parts[number % parts.Count];
    }
}
