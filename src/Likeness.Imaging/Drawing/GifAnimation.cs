using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Likeness.Imaging.Headers;

namespace Likeness.Imaging.Drawing;

/// <summary>
/// Decodes a GIF (GIF89a) as browsers show it: nothing is drawn where no frame has drawn, the background is always transparent, frames are clipped
/// to the canvas, and only the first one may enlarge it. Libraries differ from them and from each other here, and this one is bounds-checked.
/// </summary>
internal sealed unsafe class GifAnimation : IDisposable
{
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;
    private const byte Application = 0xFF;
    private const int MaxCodeBits = 12;

    private readonly byte[] _file;
    private readonly NativePixels _canvas;
    private readonly ushort[] _prefix = new ushort[1 << MaxCodeBits];
    private readonly byte[] _suffix = new byte[1 << MaxCodeBits];
    private readonly byte[] _stack = new byte[(1 << MaxCodeBits) + 1];
    private NativePixels? _before;
    private (Disposal Disposal, Rectangle Place) _ending;
    private int _at;

    /// <param name="header">What the gate found in it.</param>
    public GifAnimation(ReadOnlySpan<byte> file, ImageHeader header)
    {
        _file = file.ToArray();
        (Width, Height) = (header.Width, header.Height);
        _canvas = new NativePixels(Width * Height);
        _at = GifHeader.AfterScreen(file);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Milliseconds each frame is shown.</summary>
    public List<int> Delays { get; } = [];

    /// <summary>How often it is shown; 0 for ever.</summary>
    public int Loops { get; private set; } = 1;

    /// <summary>The frame's pixels: red, green, blue and alpha of each, row by row.</summary>
    public ReadOnlySpan<byte> Pixels => MemoryMarshal.AsBytes(_canvas.Span);

    /// <summary>True when nothing shows through the frame.</summary>
    public bool IsOpaque
    {
        get
        {
            foreach (var pixel in _canvas.Span)
            {
                if (pixel < 0xFF000000)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Draws the next frame; false behind the last.</summary>
    /// <exception cref="InvalidDataException">The frame is damaged or cut short.</exception>
    public bool Next()
    {
        var control = Control.None;
        EndFrame();
        while (_at < _file.Length && _file[_at] == Extension)
        {
            control = ReadExtension(control);
        }

        if (_at + GifHeader.DescriptorBytes >= _file.Length || _file[_at] != GifHeader.Descriptor)
        {
            return false;
        }

        if (control.Disposal == Disposal.Previous)
        {
            _before ??= new NativePixels(Width * Height);
            _canvas.Span.CopyTo(_before.Span);
        }

        _ending = (control.Disposal, Draw(control));
        Delays.Add(control.Delay);
        return true;
    }

    public void Dispose()
    {
        _canvas.Dispose();
        _before?.Dispose();
    }

    private Control ReadExtension(Control control)
    {
        var content = _file.AsSpan(Math.Min(_at + 3, _file.Length));
        var kind = _at + 1 < _file.Length ? _file[_at + 1] : (byte)0;
        if (kind == GraphicControl && content.Length >= 4)
        {
            control = new Control(
                (Disposal)((content[0] >> 2) & 7),
                BinaryPrimitives.ReadUInt16LittleEndian(content[1..]) * 10,
                (content[0] & 1) != 0 ? content[3] : -1);
        }
        else if (kind == Application && content.Length >= 15 && (content.StartsWith("NETSCAPE2.0"u8) || content.StartsWith("ANIMEXTS1.0"u8)) && content[12] == 1)
        {
            // The number says how often it is repeated; shown once more than that.
            Loops = BinaryPrimitives.ReadUInt16LittleEndian(content[13..]) is > 0 and var again ? again + 1 : 0;
        }

        _at = GifHeader.AfterSubBlocks(_file, _at + 2);
        return control;
    }

    private Rectangle Draw(Control control)
    {
        var descriptor = _file.AsSpan(_at, GifHeader.DescriptorBytes);
        var place = new Rectangle(
            BinaryPrimitives.ReadUInt16LittleEndian(descriptor[1..]),
            BinaryPrimitives.ReadUInt16LittleEndian(descriptor[3..]),
            BinaryPrimitives.ReadUInt16LittleEndian(descriptor[5..]),
            BinaryPrimitives.ReadUInt16LittleEndian(descriptor[7..]));
        var (flags, own) = (descriptor[9], GifHeader.TableBytes(descriptor[9]));
        var colours = Colours(own > 0 ? _at + GifHeader.DescriptorBytes : GifHeader.FirstBlock, own > 0 ? own : GifHeader.TableBytes(_file[10]));
        _at += GifHeader.DescriptorBytes + own;
        using var unpacked = new NativePixels(((place.Width * place.Height) + sizeof(uint) - 1) / sizeof(uint));
        var pixels = MemoryMarshal.AsBytes(unpacked.Span)[..(place.Width * place.Height)];
        Unpack(pixels);
        var row = 0;
        foreach (var (first, step) in (flags & 0x40) == 0 ? [(0, 1)] : (ReadOnlySpan<(int, int)>)[(0, 8), (4, 8), (2, 4), (1, 2)])
        {
            for (var y = first; y < place.Height; y += step, row++)
            {
                DrawRow(pixels.Slice(row * place.Width, place.Width), place, y, colours, control.Transparent);
            }
        }

        return place;
    }

    private void DrawRow(ReadOnlySpan<byte> pixels, Rectangle place, int y, ReadOnlySpan<uint> colours, int transparent)
    {
        if (place.Top + y >= Height || place.Left >= Width)
        {
            return;
        }

        var row = _canvas.Span.Slice(((place.Top + y) * Width) + place.Left, Math.Min(place.Width, Width - place.Left));
        for (var x = 0; x < row.Length; x++)
        {
            if (pixels[x] != transparent && pixels[x] < colours.Length)
            {
                row[x] = colours[pixels[x]];
            }
        }
    }

    private void EndFrame()
    {
        var (disposal, place) = _ending;
        if (disposal == Disposal.Previous)
        {
            _before!.Span.CopyTo(_canvas.Span);
        }
        else if (disposal == Disposal.Background && place.Left < Width)
        {
            for (var y = place.Top; y < Math.Min(Height, place.Top + place.Height); y++)
            {
                _canvas.Span.Slice((y * Width) + place.Left, Math.Min(place.Width, Width - place.Left)).Clear();
            }
        }
    }

    private uint[] Colours(int at, int length)
    {
        var table = _file.AsSpan(Math.Min(at, _file.Length), Math.Min(length, Math.Max(0, _file.Length - at)));
        var colours = new uint[table.Length / 3];
        for (var index = 0; index < colours.Length; index++)
        {
            var colour = table.Slice(index * 3, 3);
            colours[index] = colour[0] | ((uint)colour[1] << 8) | ((uint)colour[2] << 16) | 0xFF000000;
        }

        return colours;
    }

    /// <summary>LZW with codes that grow (GIF89a appendix F). Pixels that are left over are none; too few are a damage.</summary>
    private void Unpack(Span<byte> pixels)
    {
        var least = _at < _file.Length ? _file[_at] : 0;
        if (least is < 1 or > 8)
        {
            throw new InvalidDataException("This frame has no codes.");
        }

        var (clear, end) = (1 << least, (1 << least) + 1);
        var (next, size, previous, first, filled) = (end + 1, least + 1, -1, (byte)0, 0);
        var (held, count) = (0u, 0);
        var block = _at + 1;
        _at = GifHeader.AfterSubBlocks(_file, block);
        while (filled < pixels.Length && block < _file.Length && _file[block] != 0)
        {
            var last = Math.Min(_file.Length, block + 1 + _file[block]);
            for (var at = block + 1; at < last && filled < pixels.Length; at++)
            {
                held |= (uint)_file[at] << count;
                for (count += 8; count >= size && filled < pixels.Length;)
                {
                    var code = (int)(held & ((1u << size) - 1));
                    (held, count) = (held >> size, count - size);
                    if (code == clear)
                    {
                        (next, size, previous) = (end + 1, least + 1, -1);
                        continue;
                    }

                    if (code == end || code > next || (code == next && previous < 0))
                    {
                        throw new InvalidDataException("This frame ends early or has a code that is not there yet.");
                    }

                    // A code that is just being made stands for the one before and its first pixel.
                    var (depth, walk) = (0, code);
                    if (code == next)
                    {
                        (_stack[depth++], walk) = (first, previous);
                    }

                    for (; walk > end; walk = _prefix[walk])
                    {
                        _stack[depth++] = _suffix[walk];
                    }

                    _stack[depth++] = first = (byte)walk;
                    while (depth > 0 && filled < pixels.Length)
                    {
                        pixels[filled++] = _stack[--depth];
                    }

                    if (previous >= 0 && next < _prefix.Length)
                    {
                        (_prefix[next], _suffix[next]) = ((ushort)previous, first);
                        next++;
                        size += next == 1 << size && size < MaxCodeBits ? 1 : 0;
                    }

                    previous = code;
                }
            }

            block = last;
        }

        if (filled < pixels.Length)
        {
            throw new InvalidDataException("This frame is cut short.");
        }
    }

    private enum Disposal : byte
    {
        None = 0,
        Background = 2,
        Previous = 3,
    }

    private readonly record struct Control(Disposal Disposal, int Delay, int Transparent)
    {
        public static Control None { get; } = new(Disposal.None, 0, -1);
    }

    private readonly record struct Rectangle(int Left, int Top, int Width, int Height);

    /// <summary>Outside the runtime's heap, which is small in a worker.</summary>
    private sealed class NativePixels(int length) : IDisposable
    {
        private uint* _first = (uint*)NativeMemory.AllocZeroed((nuint)length, sizeof(uint));

        public Span<uint> Span => new(_first, length);

        public void Dispose()
        {
            NativeMemory.Free(_first);
            _first = null;
        }
    }
}
