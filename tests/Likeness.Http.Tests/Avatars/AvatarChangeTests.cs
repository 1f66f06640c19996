using System.Text;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

public sealed class AvatarChangeTests : IAsyncLifetime
{
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await Start();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task A_new_picture_is_seen_at_once()
    {
        using var client = await _server.Connect();
        async Task Shows(string body)
        {
            // Several times, so that the prepared answer is what a change has to beat.
            for (var round = 0; round < 4; round++)
            {
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {_juliet} HTTP/1.1\r\nHost: a\r\n\r\n"));
                (await Answer.Read(client.GetStream(), false, default))!.Body.ShouldBe(body);
            }
        }

        await Shows(Face("mm", "", 80));
        await _server.Give(Juliet, "a rose");
        await Shows(Photo(80, ImageFormat.Jpeg));
        await _server.Give(Juliet, "another rose", "image/png");
        await Shows(Photo(80, ImageFormat.Png, "another rose"));
        await _server.Book.SetVisibility(new Identity(Juliet), Visibility.Contacts, new(Origin.Api));
        await Shows(Face("mm", "", 80));
        await _server.Book.SetVisibility(new Identity(Juliet), Visibility.Public, new(Origin.Api));
        await Shows(Photo(80, ImageFormat.Png, "another rose"));
        await _server.Book.Clear(new Identity(Juliet), new(Origin.Api));
        await Shows(Face("mm", "", 80));
    }

    [Fact]
    [Trait("Requirement", "L-103")]
    public async Task A_removed_address_stops_resolving_at_once()
    {
        await _server.Give(Juliet, "a rose");
        for (var round = 0; round < 3; round++)
        {
            (await _server.Get(_juliet))["X-Avatar-Source"].ShouldBe("portrait");
        }

        await _server.Store.RemoveAddress(new Identity(Juliet), Juliet);
        _server.Versions.OnAddressesChanged(new AddressesChanged(new Identity(Juliet), [.. Likeness.Libravatar.Address.Email(Juliet).Hashes]));

        (await _server.Get(_juliet))["X-Avatar-Source"].ShouldBe("default");
    }

    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task A_new_address_of_somebody_leaves_the_prepared_answers_of_the_others()
    {
        await _server.Give(Juliet, "a rose");
        var target = Encoding.ASCII.GetBytes(HashOf(Juliet));
        for (var round = 0; round < 2; round++)
        {
            await _server.Endpoint.Prepare(target, _server.Sites.Default, null);
        }

        for (var number = 0; number < 20; number++)
        {
            await _server.Addresses.Add(new Identity($"romeo{number}@example.org"), Likeness.Libravatar.Address.Email($"romeo{number}@example.org"));
            await _server.Give($"romeo{number}@example.org", "a sword");
        }

        _server.Prepared.TryRecall(target, out _).ShouldBeTrue();
        await _server.Addresses.Remove(new Identity(Juliet), Likeness.Libravatar.Address.Email(Juliet));
        _server.Prepared.TryRecall(target, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_first_picture_of_a_new_person_is_seen_at_once()
    {
        const string romeo = "romeo@example.org";
        for (var round = 0; round < 3; round++)
        {
            (await _server.Get($"/avatar/{HashOf(romeo)}"))["X-Avatar-Source"].ShouldBe("default");
        }

        await _server.Give(romeo, "a sword");

        (await _server.Get($"/avatar/{HashOf(romeo)}"))["X-Avatar-Source"].ShouldBe("portrait");
    }

    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task Simultaneous_requests_render_once()
    {
        await _server.Give(Juliet, "a rose");
        var gate = new TaskCompletionSource();
        _server.Renderer.Gate = gate.Task;

        var requests = Enumerable.Range(0, 40).Select(number => _server.Get($"{_juliet}?s=64&try={number}")).ToList();
        await _server.Renderer.Begun.Task;
        gate.SetResult();

        (await Task.WhenAll(requests)).ShouldAllBe(answer => answer.Body == Photo(64, ImageFormat.Jpeg, "a rose"));
        _server.Renderer.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task Different_queries_for_the_same_picture_render_once()
    {
        await _server.Give(Juliet, "a rose");
        for (var number = 0; number < 20; number++)
        {
            await _server.Get($"{_juliet}?s={number + 600}&bust={number}&d=x{number}");
        }

        _server.Renderer.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_drawn_shows_the_default()
    {
        await _server.Give(Juliet, "no picture at all", "application/octet-stream");
        _server.Renderer.Failure = new ImageRefusedException(RefusalReason.UnknownFormat, "It is no picture.");

        for (var round = 0; round < 4; round++)
        {
            var answer = await _server.Get($"{_juliet}?s={40 + round}");
            answer.Body.ShouldBe(Face("mm", "", 40 + round));
            answer["Cache-Control"].ShouldBe("public, max-age=60", "the picture may be drawn soon");
        }

        (await _server.Get(_juliet + "?d=404"))["Cache-Control"].ShouldBe("public, max-age=60");

        _server.Renderer.Count.ShouldBe(5, "one attempt at the picture, four faces");
    }

    [Fact]
    public async Task Without_a_renderer_the_answer_is_503_and_not_remembered()
    {
        await _server.Give(Juliet, "a rose");
        _server.Renderer.Failure = new RenderUnavailableException("Too many wait.");

        for (var round = 0; round < 3; round++)
        {
            var answer = await _server.Get(_juliet);
            answer.Status.ShouldBe(503);
            answer["Cache-Control"].ShouldBe("public, max-age=0");
        }

        _server.Renderer.Failure = null;
        (await _server.Get(_juliet)).Status.ShouldBe(200);
    }

    [Fact]
    [Trait("Requirement", "L-59")]
    public async Task A_bug_answers_500_without_details()
    {
        await _server.Give(Juliet, "a rose");
        _server.Renderer.Failure = new InvalidOperationException("/secret/path");

        var answer = await _server.Get(_juliet);

        answer.Status.ShouldBe(500);
        answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prepared_answer_is_found_without_allocating()
    {
        var target = Encoding.ASCII.GetBytes(HashOf(Juliet) + "?s=80");
        for (var round = 0; round < 3; round++)
        {
            await _server.Endpoint.Prepare(target, _server.Sites.Default, null);
        }

        _server.Prepared.TryRecall(target, out _).ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            _server.Prepared.TryRecall(target, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
