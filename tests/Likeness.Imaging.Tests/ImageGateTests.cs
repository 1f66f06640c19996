using Likeness.Imaging.Tests.Hostile.Corpus;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests;

public sealed class ImageGateTests
{
    private readonly ImageGate _gate = new(ImageLimits.Default);

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Avif)]
    public void A_picture_is_known_by_its_content(ImageFormat format)
    {
        var header = _gate.Inspect(TestPictures.Of(format, 123, 45));

        (header.Format, header.Width, header.Height, header.Frames, header.Interlaced).ShouldBe((format, 123, 45, 1, false));
    }

    [Fact]
    public void A_telephones_picture_is_refused_by_its_name_and_says_what_to_do()
    {
        byte[] heic = [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. new byte[64]];

        var refusal = Should.Throw<ImageRefusedException>(() => _gate.Inspect(heic));

        refusal.Reason.ShouldBe(RefusalReason.UnknownFormat);
        refusal.Message.ShouldContain("HEIC");
        refusal.Message.ShouldContain("JPEG");
    }

    [Fact]
    public void The_smallest_webp_there_is_is_a_picture()
    {
        byte[] webp = [.. "RIFF"u8, 20, 0, 0, 0, .. "WEBPVP8L"u8, 8, 0, 0, 0, 0x2F, 0, 0, 0, 0, 0x88, 0x88, 0x08];

        webp.Length.ShouldBe(28);
        _gate.Inspect(webp).Pixels.ShouldBe(1);
    }

    [Fact]
    public void Interlacing_and_frames_are_read_from_the_header()
    {
        _gate.Inspect(TestPictures.Jpeg(40, 30, progressive: true)).Interlaced.ShouldBeTrue();
        _gate.Inspect(TestPictures.Png(40, 30, interlaced: true)).Interlaced.ShouldBeTrue();
        _gate.Inspect(TestPictures.Animation(ImageFormat.Gif, 40, 30, 7)).Frames.ShouldBe(7);
        _gate.Inspect(TestPictures.Animation(ImageFormat.WebP, 40, 30, 7)).Frames.ShouldBe(7);
    }

    [Theory, Trait("Requirement", "L-105")]
    [InlineData(ImageFormat.Jpeg, "50 million")]
    [InlineData(ImageFormat.Png, "50 million")]
    [InlineData(ImageFormat.WebP, "25 million")]
    [InlineData(ImageFormat.Gif, "25 million")]
    [InlineData(ImageFormat.Avif, "16 million")]
    public void A_decompression_bomb_is_refused_by_its_header(ImageFormat format, string limit)
    {
        var refusal = Should.Throw<ImageRefusedException>(() => _gate.Inspect(Bombs.Of(format, 16_000, 16_000)));

        refusal.Reason.ShouldBe(RefusalReason.TooManyPixels);
        refusal.Message.ShouldContain(limit);
    }

    [Fact]
    public void A_picture_that_must_be_held_whole_has_a_stricter_limit()
    {
        _gate.Inspect(Bombs.Png(7000, 7000, interlaced: false)).Pixels.ShouldBe(49_000_000);
        Should.Throw<ImageRefusedException>(() => _gate.Inspect(Bombs.Png(7000, 7000, interlaced: true)))
            .Message.ShouldContain("25 million are allowed in an interlaced PNG");
    }

    [Fact, Trait("Requirement", "L-105")]
    public void A_file_is_refused_above_ten_mebibytes()
    {
        var jpeg = TestPictures.Jpeg(40, 40);
        byte[] padded = [.. jpeg, .. new byte[(10 * 1024 * 1024) + 1 - jpeg.Length]];

        _gate.Inspect(padded.AsSpan(0, padded.Length - 1)).Format.ShouldBe(ImageFormat.Jpeg);
        Should.Throw<ImageRefusedException>(() => _gate.Inspect(padded)).Reason.ShouldBe(RefusalReason.FileTooLarge);
    }

    [Fact]
    public void An_endless_animation_is_refused()
    {
        var gate = new ImageGate(new ImageLimits { MaxFrames = 6 });

        Should.Throw<ImageRefusedException>(() => gate.Inspect(TestPictures.Animation(ImageFormat.Gif, 40, 30, 7)))
            .Message.ShouldContain("at most 6");
    }

    [Fact, Trait("Requirement", "L-105")]
    public void A_picture_of_millions_of_rows_is_refused_by_its_longer_edge()
    {
        Should.Throw<ImageRefusedException>(() => _gate.Inspect(Bombs.Png(1, 5_000_000, interlaced: false))).Message.ShouldContain("30,000");
        Should.Throw<ImageRefusedException>(() => _gate.Inspect(Bombs.Png(30_001, 1, interlaced: false))).Reason.ShouldBe(RefusalReason.TooManyPixels);
        _gate.Inspect(Bombs.Png(30_000, 1, interlaced: false)).Width.ShouldBe(30_000);
    }

    [Fact, Trait("Requirement", "L-105")]
    public void All_frames_together_have_a_limit()
    {
        var gate = new ImageGate(new ImageLimits { MaxPixels = 1200, MaxPixelsHeldWhole = 1200, MaxPixelsOfAllFrames = 1200 * 6 });

        gate.Inspect(TestPictures.Animation(ImageFormat.Gif, 40, 30, 6)).Frames.ShouldBe(6);
        Should.Throw<ImageRefusedException>(() => gate.Inspect(TestPictures.Animation(ImageFormat.Gif, 40, 30, 7))).Message.ShouldContain("7 frames of 40 × 30");
    }

    [Fact, Trait("Requirement", "L-105")]
    public void Text_that_has_to_be_unpacked_has_a_limit_and_plain_text_has_none()
    {
        var packed = PngFiles.WithChunks(Bytes.Repeat(PngFiles.Chunk("zTXt", [.. "Comment\0\0"u8, .. new byte[4000]]), 66));
        var plain = PngFiles.WithChunks(Bytes.Repeat(PngFiles.Chunk("iTXt", [.. "Comment\0\0\0\0\0"u8, .. new byte[4000]]), 100));

        Should.Throw<ImageRefusedException>(() => _gate.Inspect(packed)).Message.ShouldContain("packed text");
        _gate.Inspect(plain).PackedText.ShouldBe(0);
    }

    [Fact, Trait("Requirement", "L-105")]
    public void What_takes_too_long_to_decode_is_refused_by_its_header()
    {
        Should.Throw<ImageRefusedException>(() => _gate.Inspect(JpegFiles.Progressive(5000, 90))).Reason.ShouldBe(RefusalReason.TooCostly);
        _gate.Inspect(JpegFiles.Progressive(5000, 10)).DecodeCost.ShouldBeLessThan(ImageLimits.Default.MaxDecodeCost);
    }

    [Fact]
    public void The_cost_follows_what_has_to_be_done()
    {
        var small = _gate.Inspect(TestPictures.Jpeg(100, 100));
        var scans = _gate.Inspect(TestPictures.Jpeg(1000, 1000, progressive: true));
        var still = _gate.Inspect(TestPictures.Jpeg(1000, 1000));
        var animation = _gate.Inspect(TestPictures.Animation(ImageFormat.Gif, 100, 100, 50));

        still.DecodeCost.ShouldBeGreaterThan(small.DecodeCost);
        scans.DecodeCost.ShouldBeGreaterThan(still.DecodeCost);
        RenderRequest.Photo(default, 512).Cost(still).ShouldBeGreaterThan(RenderRequest.Photo(default, 80).Cost(still));
        RenderRequest.Photo(default, 80).Cost(animation).ShouldBeGreaterThan(10 * RenderRequest.Photo(default, 80, ImageFormat.Png).Cost(animation));
    }

    [Theory, Trait("Requirement", "L-105")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("II*\0\b\0\0\0")]
    [InlineData("%PDF-1.7")]
    [InlineData("")]
    public void Anything_else_is_refused(string content)
    {
        Should.Throw<ImageRefusedException>(() => _gate.Inspect(System.Text.Encoding.Latin1.GetBytes(content)))
            .Reason.ShouldBe(RefusalReason.UnknownFormat);
    }

    [Fact]
    public void Whatever_the_bytes_the_gate_answers_or_refuses() => Fuzz(20_000);

    [Fact, Trait("Category", "Long")]
    public void Whatever_the_bytes_the_gate_answers_or_refuses_for_long() => Fuzz(500_000);

    private void Fuzz(int rounds)
    {
        byte[][] seeds =
        [
            .. Enum.GetValues<ImageFormat>().Select(format => TestPictures.Of(format, 32, 32)),
            .. Enum.GetValues<ImageFormat>().Select(format => Bombs.Of(format, 400, 300)),
            TestPictures.Animation(ImageFormat.Gif, 9, 9, 3),
            TestPictures.Animation(ImageFormat.WebP, 9, 9, 3),
            Segments.WithExif(TestPictures.Jpeg(32, 32), 6, "somewhere"),
        ];
        var random = new Random(84_153_398);
        var answers = 0;
        for (var round = 0; round < rounds; round++)
        {
            var bytes = Mutate(seeds[round % seeds.Length], random);
            try
            {
                _gate.Inspect(bytes).Pixels.ShouldBeInRange(1, 50_000_000);
                answers++;
            }
            catch (ImageRefusedException)
            {
                // The other allowed end.
            }
        }

        answers.ShouldBeInRange(rounds / 100, rounds - 1);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.AsSpan(0, random.Next(4) == 0 ? random.Next(seed.Length) : seed.Length).ToArray();
        for (var change = random.Next(8); change > 0 && bytes.Length > 0; change--)
        {
            // Headers are at the front, so most changes go there.
            var at = random.Next(random.Next(3) == 0 ? bytes.Length : Math.Min(bytes.Length, 64));
            bytes[at] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
        }

        return bytes;
    }
}
