using System.Security.Cryptography;
using System.Text;
using Likeness.Http.Tests.Hosting;
using Likeness.Http.Webhooks;
using Likeness.Stores;

namespace Likeness.Http.Tests.Webhooks;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Juliet = "juliet@example.org";
    private const string Romeo = "romeo@example.org";
    private HookStage _stage = null!;
    private HookReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await HookStage.Start();
        _receiver = await HookReceiver.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_change_is_told_with_what_caches_have_to_drop()
    {
        await _stage.AddAddress(Juliet, Juliet);
        await _stage.AddAddress(Juliet, "j@example.net");
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "face");

        var told = (await _receiver.Next()).Json;

        told.GetProperty("event").GetString().ShouldBe("portrait.changed");
        told.GetProperty("person").GetString().ShouldBe(Juliet);
        told.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()).ShouldBe([Juliet, "j@example.net"]);
        told.GetProperty("version").GetInt64().ShouldBe(1);
        told.GetProperty("picture").GetString().ShouldBe(PictureId.Of("face"u8).Hex);
        told.GetProperty("visibility").GetString().ShouldBe("public");
        var purge = told.GetProperty("purge").EnumerateArray().Select(path => path.GetString()).ToList();
        purge.Count.ShouldBe(4);
        purge.ShouldContain($"/avatar/{AvatarServer.HashOf("j@example.net")}");

        await _stage.Book.Clear(new Identity(Juliet), new(Origin.Api));
        var cleared = await _receiver.Next();
        cleared.Picture.ShouldBeNull();
        cleared.Json.GetProperty("purge").EnumerateArray().Last().GetString().ShouldBe($"/p/{PictureId.Of("face"u8)}/");
    }

    [Fact]
    public async Task The_signature_is_that_of_time_and_body()
    {
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "face");

        var told = await _receiver.Next();

        var seconds = _stage.Time.GetUtcNow().ToUnixTimeSeconds();
        var expected = HMACSHA256.HashData(Encoding.ASCII.GetBytes(HookStage.Secret), (byte[])[.. Encoding.ASCII.GetBytes($"{seconds}."), .. told.Body]);
        told.Signature.ShouldBe($"t={seconds},v1={Convert.ToHexStringLower(expected)}");
        told.Headers.ShouldNotContain("Cookie");
        told.Headers.ShouldNotContain("traceparent");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task A_refusal_is_followed_by_another_try(int status)
    {
        _receiver.Answers.Enqueue(status);
        _receiver.Answers.Enqueue(status);
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "face");

        await _receiver.Next();
        (await _stage.PassPause()).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1));
        await _receiver.Next();
        (await _stage.PassPause()).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        (await _receiver.Next()).Version.ShouldBe(1);
        await Told("cdn", 1);
    }

    [Fact]
    public async Task A_receiver_that_says_nothing_is_left_after_its_time()
    {
        _receiver.Silent = true;
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "face");
        await _receiver.Next();
        await _stage.PassTimeout();
        _receiver.Silent = false;

        await _stage.PassPause();

        (await _receiver.Next()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_told_when_it_comes()
    {
        var port = new Uri(_receiver.Url).Port;
        var url = _receiver.Url;
        await _receiver.DisposeAsync();
        await _stage.AddHook("cdn", url);
        await _stage.Give(Juliet, "face");
        await _stage.PassPause();
        var pause = await _stage.NextPause();

        _receiver = await HookReceiver.Start(port);
        _stage.Time.Advance(pause);

        (await _receiver.Next()).Person.ShouldBe(Juliet);
    }

    [Fact]
    public async Task Changes_come_in_order_and_those_nobody_heard_of_are_left_out()
    {
        _receiver.Answers.Enqueue(500);
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "one");
        (await _receiver.Next()).Version.ShouldBe(1);
        await _stage.Give(Juliet, "two");
        await _stage.Give(Juliet, "three");
        await _stage.PassPause();

        var told = await _receiver.Next();
        told.Version.ShouldBe(3);
        told.Picture.ShouldBe(PictureId.Of("three"u8).Hex);
        await Told("cdn", 3);
        _receiver.HasMore.ShouldBeFalse();

        await _stage.Give(Juliet, "four");
        (await _receiver.Next()).Version.ShouldBe(4);
    }

    [Fact]
    public async Task What_was_not_told_before_the_end_is_told_after_the_next_start()
    {
        _receiver.Answers.Enqueue(500);
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "face");
        await _receiver.Next();

        await _stage.Restart();

        (await _receiver.Next()).Person.ShouldBe(Juliet);
        await Told("cdn", 1);
        await _stage.Restart();
        await _stage.Give(Romeo, "his");
        (await _receiver.Next()).Person.ShouldBe(Romeo);
    }

    [Fact]
    public async Task A_dead_hook_keeps_no_other_waiting()
    {
        await _stage.AddHook("dead", "http://127.0.0.1:9/");
        await _stage.AddHook("alive", _receiver.Url);

        await _stage.Give(Juliet, "face");
        await _stage.Give(Romeo, "his");

        (await _receiver.Next()).Person.ShouldBe(Juliet);
        (await _receiver.Next()).Person.ShouldBe(Romeo);
    }

    [Fact]
    public async Task After_days_a_change_is_told_no_more_and_a_later_one_is()
    {
        for (var refusal = 0; refusal < 2; refusal++)
        {
            _receiver.Answers.Enqueue(500);
        }

        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "face");
        await _receiver.Next();
        await _stage.PassPause(new WebhookOptions().GiveUpAfter);
        await _receiver.Next();
        await Told("cdn", 1);

        await _stage.Give(Juliet, "new face");
        await _stage.PassPause();
        (await _receiver.Next()).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_removed_hook_hears_nothing_any_more()
    {
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Store.Remove("cdn");
        await _stage.Dispatcher.Refresh();
        await using var other = await HookReceiver.Start();
        await _stage.AddHook("other", other.Url);

        await _stage.Give(Juliet, "face");

        await other.Next();
        _receiver.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task A_person_whose_record_went_is_told_as_without_picture()
    {
        await _stage.AddHook("cdn", _receiver.Url);
        await _stage.Give(Juliet, "face");
        await _receiver.Next();
        await Told("cdn", 1);

        // As if the process had ended before the removal could be told.
        await _stage.Store.Mark("cdn", new Identity(Romeo), new WebhookMark(7, _stage.Time.GetUtcNow(), PictureId.Of("his"u8)));
        await _stage.Restart();

        var told = await _receiver.Next();
        (told.Person, told.Version, told.Picture).ShouldBe((Romeo, 0, null));
    }

    [Fact]
    public void Pauses_grow_from_a_second_to_an_hour()
    {
        for (var failures = 1; failures < 40; failures++)
        {
            var whole = TimeSpan.FromSeconds(Math.Min(3600, Math.Pow(2, failures - 1)));
            RetryPause.After(failures).ShouldBeInRange(whole / 2, whole);
        }
    }

    // The mark is written after the receiver answered, and nobody is told of it.
    private async Task Told(string hook, long version)
    {
        var person = new Identity(Juliet);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await _stage.Store.Told(hook, person, timeout.Token))?.Version != version)
        {
            await Task.Yield();
        }
    }
}
