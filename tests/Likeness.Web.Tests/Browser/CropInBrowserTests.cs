using Likeness.Cli.Tests;
using Likeness.Web.Tests.Hosting;
using Likeness.Web.Tests.Portraits;
using Microsoft.Playwright;

namespace Likeness.Web.Tests.Browser;

/// <summary>The crop in a real browser: what it shows is what the server makes of the numbers.</summary>
[Trait("Category", "Integration")]
public sealed class CropInBrowserTests : PagesOfPeople
{
    private Chromium _chromium = null!;
    private IPage _page = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _chromium = await Chromium.Start();
        _page = await _chromium.Open();
        await _page.GotoAsync($"{Juliet.Root}/sign-in?return=/me/picture");
        await _page.FillAsync("#name", "juliet");
        await _page.FillAsync("#password", Password);
        await _page.Locator("main button.main").ClickAsync();
        await _page.WaitForURLAsync("**/me/picture");
    }

    public override async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    [Trait("Requirement", "P-33")]
    [Trait("Requirement", "P-35")]
    public async Task The_square_is_moved_and_turned_by_keyboard_announced_and_comes_out_as_it_was_shown()
    {
        await Choose(Colours(420, 300));
        (await Number("size"), await Number("x"), await Number("y")).ShouldBe((300, 60, 0));
        await _page.FillAsync("#size", "200");
        await _page.Locator("#canvas").FocusAsync();
        await Press("ArrowRight", 3);
        await Press("Shift+ArrowDown", 4);
        await Press("ArrowUp", 1);
        (await Number("x"), await Number("y")).ShouldBe((63, 39));
        await Press(">", 7);
        (await Number("angle")).ShouldBe(7);
        await _page.WaitForFunctionAsync("() => document.getElementById('said').textContent.includes('63') && document.getElementById('said').textContent.includes('7°')");
        await Chromium.ShouldBeAccessible(_page, "the crop");

        var shown = await ShownInBrowser();
        await Save();
        Differences(shown, Pixels.Of((await Web(JulietsAddress, 200))!)).ShouldBeLessThan(3.0);
    }

    [Fact]
    [Trait("Requirement", "P-33")]
    [Trait("Requirement", "P-35")]
    public async Task It_is_moved_by_mouse_mirrored_turned_and_set_back()
    {
        await Choose(Colours(420, 300));
        var box = (await _page.Locator("#canvas").BoundingBoxAsync())!;
        await _page.Mouse.MoveAsync(box.X + 200, box.Y + 100);
        await _page.Mouse.DownAsync();
        await _page.Mouse.MoveAsync(box.X + 150, box.Y + 100);
        await _page.Mouse.UpAsync();
        (await Number("x")).ShouldBe(60 + (50 * 300 / box.Width), 1.5);

        await _page.CheckAsync("#mirror");
        await _page.ClickAsync("#left");
        (await Number("angle")).ShouldBe(-90);
        var shown = await ShownInBrowser();
        await Save();
        Differences(shown, Pixels.Of((await Web(JulietsAddress, 200))!)).ShouldBeLessThan(3.0);

        await Choose(Colours(420, 300));
        await _page.ClickAsync("#right");
        await _page.FillAsync("#size", "50");
        await _page.ClickAsync("#reset");
        (await Number("size"), await Number("x"), await Number("y"), await Number("angle")).ShouldBe((300, 60, 0, 0));
    }

    [Fact]
    [Trait("Requirement", "P-35")]
    public async Task A_picture_that_is_shown_already_is_cut_anew_and_comes_out_as_it_was_shown()
    {
        await Choose(Colours(420, 300));
        await _page.FillAsync("#size", "100");
        await Save();
        await _page.GotoAsync($"{Juliet.Root}/me/pictures");
        await _page.Locator("summary").First.ClickAsync();
        await _page.Locator("details[open] a.button").ClickAsync();
        await _page.WaitForURLAsync("**/me/picture?of=*");
        await _page.WaitForFunctionAsync("() => Number(document.getElementById('size').value) === 300");
        await _page.FillAsync("#size", "200");
        await _page.FillAsync("#x", "190");
        await _page.FillAsync("#angle", "-12");
        var shown = await ShownInBrowser();
        await Save();
        Differences(shown, Pixels.Of((await Web(JulietsAddress, 200))!)).ShouldBeLessThan(3.0);
    }

    [Fact]
    [Trait("Requirement", "P-31")]
    [Trait("Requirement", "P-32")]
    public async Task A_large_picture_that_is_dropped_or_pasted_is_made_smaller_before_it_is_sent()
    {
        var large = TestPicture.Png(4000, 1000);
        foreach (var how in new[] { "drop", "paste" })
        {
            await _page.GotoAsync($"{Juliet.Root}/me/picture");
            await _page.EvaluateAsync(
                """
                ([how, data]) => {
                    const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
                    const given = new DataTransfer();
                    given.items.add(new File([bytes], 'large.png', { type: 'image/png' }));
                    document.dispatchEvent(how === 'drop' ? new DragEvent('drop', { dataTransfer: given, cancelable: true }) : new ClipboardEvent('paste', { clipboardData: given }));
                }
                """,
                new[] { how, Convert.ToBase64String(large) });
            await _page.WaitForFunctionAsync("() => Number(document.getElementById('size').value) === 512");
            (await _page.EvaluateAsync<string>("() => document.getElementById('picture').files[0].type")).ShouldBe("image/webp");
            await Save();
            (await Web(JulietsAddress)).ShouldNotBeNull();
            await Run("avatar", "clear", JulietsAddress);
        }
    }

    [Fact]
    [Trait("Requirement", "P-31")]
    public async Task A_picture_is_taken_with_the_camera_which_is_let_go_of_afterwards()
    {
        await _page.Context.GrantPermissionsAsync(["camera"]);
        await _page.ClickAsync("#camera");
        await _page.Locator("#shoot").WaitForAsync();
        await _page.WaitForFunctionAsync("() => document.getElementById('film').videoWidth > 0");
        await _page.EvaluateAsync("() => { window.track = document.getElementById('film').srcObject.getTracks()[0]; }");
        await _page.ClickAsync("#shoot");
        await _page.WaitForFunctionAsync("() => Number(document.getElementById('size').value) > 0");
        (await _page.EvaluateAsync<string>("() => window.track.readyState")).ShouldBe("ended");
        await Save();
        (await Web(JulietsAddress)).ShouldNotBeNull();
    }

    private async Task Choose(byte[] picture)
    {
        await _page.SetInputFilesAsync("#picture", new FilePayload { Name = "me.png", MimeType = "image/png", Buffer = picture });
        await _page.WaitForFunctionAsync("() => Number(document.getElementById('size').value) > 0");
    }

    private async Task Press(string key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await _page.Keyboard.PressAsync(key);
        }
    }

    private async Task<double> Number(string field) => await _page.EvaluateAsync<double>("name => Number(document.getElementById(name).value)", field);

    private async Task<Pixels> ShownInBrowser() => Pixels.Of(Convert.FromBase64String(await _page.EvaluateAsync<string>(
        """
        () => {
            const small = document.createElement('canvas');
            small.width = small.height = 200;
            const pen = small.getContext('2d');
            pen.imageSmoothingQuality = 'high';
            pen.drawImage(document.getElementById('canvas'), 0, 0, 200, 200);
            return small.toDataURL('image/png').split(',')[1];
        }
        """)));

    private async Task Save()
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = "Show this picture everywhere" }).ClickAsync();
        await _page.WaitForURLAsync("**/me/picture?done=set");
    }

    /// <summary>How far colours are from each other on average, the outermost pixels left out.</summary>
    private static double Differences(Pixels one, Pixels other)
    {
        (one.Width, one.Height).ShouldBe((other.Width, other.Height));
        var (sum, count) = (0.0, 0);
        for (var y = 2; y < one.Height - 2; y++)
        {
            for (var x = 2; x < one.Width - 2; x++)
            {
                for (var band = 0; band < 3; band++)
                {
                    sum += Math.Abs(one.Bytes[(((y * one.Width) + x) * one.Bands) + band] - other.Bytes[(((y * other.Width) + x) * other.Bands) + band]);
                    count++;
                }
            }
        }

        return sum / count;
    }

    /// <summary>Red grows to the right, green downwards; blue is a grid, so that a shift of a pixel is seen.</summary>
    private static byte[] Colours(int width, int height)
    {
        var rows = new byte[height * ((width * 3) + 1)];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * ((width * 3) + 1)) + 1 + (x * 3);
                (rows[at], rows[at + 1], rows[at + 2]) = ((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)(((x / 20) + (y / 20)) % 2 == 0 ? 60 : 200));
            }
        }

        return TestPicture.Png(width, height, colour: 2, rows);
    }
}
