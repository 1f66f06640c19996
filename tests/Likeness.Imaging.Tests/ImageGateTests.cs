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
    public void A_picture_is_known_by_its_content(ImageFormat format)
    {
        _gate.Inspect(TestPictures.Of(format, 123, 45)).ShouldBe(new ImageHeader(format, 123, 45, 1, false));
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
