using Likeness.Imaging.Tests.Support;
using Microsoft.Playwright;

namespace Likeness.Imaging.Tests.Browser;

/// <summary>Animations frame by frame beside Chromium: every disposal, frames at any place and of any size, with and without holes.</summary>
[Trait("Category", "Integration")]
[Trait("Requirement", "L-10B")]
public sealed class GifInBrowserTests
{
    private const int Edge = 24;

    [Fact]
    public async Task Every_frame_looks_as_in_a_browser()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync();
        await page.RouteAsync("**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "" }));
        await page.GotoAsync("https://pictures.test/");
        var failures = new List<string>();
        foreach (var (name, frames) in Cases())
        {
            var gif = GifWriter.Write(Edge, Edge, frames);
            var shown = await page.EvaluateAsync<string[]>(DecodeAll, Convert.ToBase64String(gif));
            var ours = Frames(gif);
            for (var frame = 0; frame < Math.Max(shown.Length, ours.Count); frame++)
            {
                if (frame >= shown.Length || frame >= ours.Count || !Same(Convert.FromBase64String(shown[frame]), ours[frame]))
                {
                    failures.Add($"{name}, frame {frame} of {shown.Length} there and {ours.Count} here");
                    break;
                }
            }
        }

        failures.ShouldBeEmpty(string.Join('\n', failures.Take(400)));
    }

    private const string DecodeAll = """
        async text => {
            const data = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
            const decoder = new ImageDecoder({ type: 'image/gif', data });
            await decoder.tracks.ready;
            await decoder.completed;
            const frames = [];
            for (let index = 0; index < decoder.tracks[0].frameCount; index++) {
                const { image } = await decoder.decode({ frameIndex: index });
                const context = new OffscreenCanvas(image.displayWidth, image.displayHeight).getContext('2d');
                context.drawImage(image, 0, 0);
                const pixels = context.getImageData(0, 0, image.displayWidth, image.displayHeight).data;
                frames.push(btoa(String.fromCharCode(...pixels)));
            }
            return frames;
        }
        """;

    private static IEnumerable<(string Name, GifFrame[] Frames)> Cases()
    {
        var random = new Random(89);
        (int Left, int Top, int Width, int Height)[] places = [(0, 0, Edge, Edge), (4, 6, 12, 8), (0, 0, 10, 10), (14, 14, 10, 10), (20, 2, 8, 8)];
        foreach (var first in places)
        {
            foreach (var (firstDisposal, secondDisposal) in from one in Enum.GetValues<Disposal>() from two in Enum.GetValues<Disposal>() select (one, two))
            {
                foreach (var (firstHoles, secondHoles) in new[] { (false, false), (true, false), (false, true), (true, true) })
                {
                    var second = places[random.Next(places.Length)];
                    yield return (
                        $"{first} {firstDisposal} {(firstHoles ? "holes" : "")}, {second} {secondDisposal} {(secondHoles ? "holes" : "")}",
                        [
                            new(first.Left, first.Top, first.Width, first.Height, [200, 0, 0], firstDisposal, firstHoles),
                            new(second.Left, second.Top, second.Width, second.Height, [0, 200, 0], secondDisposal, secondHoles),
                            new(2, 2, 5, 5, [0, 0, 200], Disposal.Keep, false),
                        ]);
                }
            }
        }
    }

    private static List<byte[]> Frames(byte[] gif)
    {
        var pixels = Pixels.Of(gif);
        var all = new List<byte[]>();
        for (var top = 0; top < pixels.Height; top += pixels.PageHeight)
        {
            var frame = new List<byte>();
            for (var y = top; y < top + pixels.PageHeight; y++)
            {
                for (var x = 0; x < pixels.Width; x++)
                {
                    var pixel = pixels[x, y];
                    frame.AddRange(pixels.Bands == 4 ? pixel : [.. pixel, 255]);
                }
            }

            all.Add([.. frame]);
        }

        return all;
    }

    private static bool Same(byte[] left, byte[] right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var at = 0; at < left.Length; at += 4)
        {
            // What is transparent has no colour.
            if (left[at + 3] != right[at + 3] || (left[at + 3] != 0 && !left.AsSpan(at, 3).SequenceEqual(right.AsSpan(at, 3))))
            {
                return false;
            }
        }

        return true;
    }
}
