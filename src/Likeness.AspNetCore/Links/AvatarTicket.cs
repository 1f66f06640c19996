using System.Buffers.Binary;
using System.Text;
using Likeness.Libravatar;

namespace Likeness.AspNetCore.Links;

/// <summary>What one URL of the proxy stands for: whose avatar, how large, and what is shown without one.</summary>
internal sealed record AvatarTicket
{
    private const int Header = 3;

    /// <summary>Lengths are rounded up to this, so that an URL does not tell how long an address is.</summary>
    private const int Block = 16;

    /// <summary>Longer addresses would make URLs that not everything on the way takes.</summary>
    private const int Longest = 512;

    private const byte Sha256Mark = 1;
    private const byte ForceMark = 2;

    private AvatarTicket(Address address, AvatarUrlOptions options)
    {
        Address = address;
        Options = options;
    }

    public Address Address { get; }

    /// <summary>With a size from 1 to 512.</summary>
    public AvatarUrlOptions Options { get; }

    /// <summary>Null when this cannot stand in an URL: it is too long, or reading it again would give something else.</summary>
    public static AvatarTicket? Of(Address address, AvatarUrlOptions options)
    {
        if (Encoding.UTF8.GetByteCount(address.Text) + Encoding.UTF8.GetByteCount(options.Default ?? "") > Longest)
        {
            return null;
        }

        var size = options.Size is { } pixels and not 0 ? Math.Clamp(pixels, 1, AvatarSizes.Standard.Largest) : AvatarSizes.Standard.Default;
        var ticket = new AvatarTicket(address, options with { Size = size, Default = string.IsNullOrEmpty(options.Default) ? null : options.Default });
        return Read(ticket.Write()) == ticket ? ticket : null;
    }

    public byte[] Write()
    {
        var text = Encoding.UTF8.GetBytes($"{Address.Text}\0{Options.Default}");
        var bytes = new byte[(Header + text.Length + Block - 1) / Block * Block];
        bytes[0] = (byte)((Options.UseSha256 ? Sha256Mark : 0) | (Options.ForceDefault ? ForceMark : 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), (ushort)Options.Size!.Value);
        text.CopyTo(bytes.AsSpan(Header));
        return bytes;
    }

    /// <summary>Reads what <see cref="Write"/> wrote: the seal is checked before.</summary>
    public static AvatarTicket? Read(ReadOnlySpan<byte> bytes)
    {
        var parts = Encoding.UTF8.GetString(bytes[Header..]).TrimEnd('\0').Split('\0');
        return !Address.TryParse(parts[0], out var address) ? null : new AvatarTicket(
            address,
            new AvatarUrlOptions
            {
                Size = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]),
                Default = parts.Length > 1 ? parts[1] : null,
                UseSha256 = (bytes[0] & Sha256Mark) != 0,
                ForceDefault = (bytes[0] & ForceMark) != 0,
            });
    }
}
