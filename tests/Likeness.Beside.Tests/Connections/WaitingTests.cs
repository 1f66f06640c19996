using Likeness.Beside.Connections;
using Likeness.Beside.Tests.Support;
using Likeness.Libravatar.Tests.Support;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Beside.Tests.Connections;

/// <summary>The link alone, with time that passes only when it is told to.</summary>
public sealed class WaitingTests : IAsyncLifetime, IComponentEvents
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new();
    private readonly FakeChatServer _chat = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ComponentLink _link;
    private volatile TaskCompletionSource _pulse = New();
    private Task _running = Task.CompletedTask;

    public WaitingTests()
    {
        _link = new ComponentLink(
            new BesideOptions { Server = _chat.Place, Name = FakeChatServer.Component, Secret = FakeChatServer.Secret, Domains = [FakeChatServer.Domain] },
            _time,
            NullLogger.Instance);
        _chat.Pulse = () => Interlocked.Exchange(ref _pulse, New()).TrySetResult();
    }

    [Fact]
    [Trait("Requirement", "B-12")]
    public async Task Where_nothing_is_granted_it_is_waited_for_a_while_and_then_gone_on()
    {
        _chat.Grants = null;
        await Start(until: () => _time.Waiting(ComponentLink.GrantsTimeout));
        _link.IsConnected.ShouldBeFalse("grants may still come");
        _time.Advance(ComponentLink.GrantsTimeout);
        await _connected.Task.WaitAsync(Timeout);
        _link.GrantsOf(FakeChatServer.Domain).ShouldBe(Grants.None);

        // What comes later counts all the same.
        await _chat.Grant(FakeChatServer.AllGrants);
        await _chat.Fence();
        _link.GrantsOf(FakeChatServer.Domain).WritesPep.ShouldBeTrue();
    }

    [Fact]
    [Trait("Requirement", "B-17")]
    public async Task So_many_requests_wait_and_each_of_them_ends_without_a_statement()
    {
        await Start(until: () => _connected.Task);
        _chat.Avatars.IsSilent = true;
        Task<Element?>[] first = [.. Enumerable.Range(0, ComponentLink.MaxRequests).Select(_ => _link.Ask(Question()))];
        await _time.Waiting(ComponentLink.RequestTimeout, ComponentLink.MaxRequests);
        var next = _link.Ask(Question());
        await _chat.Fence();
        _chat.Heard.Count(IsQuestion).ShouldBe(ComponentLink.MaxRequests);
        _link.InFlight.ShouldBe(ComponentLink.MaxRequests);

        _chat.Avatars.IsSilent = false;
        _time.Advance(ComponentLink.RequestTimeout);
        (await Task.WhenAll(first).WaitAsync(Timeout)).ShouldAllBe(answer => answer == null);
        (await next.WaitAsync(Timeout)).ShouldNotBeNull();
        _link.IsConnected.ShouldBeTrue();
    }

    [Fact]
    [Trait("Requirement", "B-16")]
    public async Task The_line_is_kept_alive_by_a_space_and_ends_when_nobody_answers()
    {
        await Start(until: () => _connected.Task);
        _chat.Avatars.IsSilent = true;
        for (var minute = 1; minute <= 3; minute++)
        {
            await _time.Waiting(ComponentLink.KeepAliveInterval);
            _time.Advance(ComponentLink.KeepAliveInterval);
            await Until(() => _chat.Blanks == minute);
        }

        // Three minutes without a word: it is asked whether the server is there, and no person is named for it.
        await Until(() => _chat.Heard.Any(stanza => stanza.Child("ping", Ns.Ping) is not null && stanza["to"] == FakeChatServer.Domain));
        _chat.Heard.ShouldNotContain(stanza => stanza.Any(child => child.Name == "privileged_iq"));
        await _time.Waiting(ComponentLink.RequestTimeout);
        _time.Advance(ComponentLink.RequestTimeout);
        await _lost.Task.WaitAsync(Timeout);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _link.Dispose();
        await _chat.DisposeAsync();
        _ended.Dispose();
    }

    void IComponentEvents.OnConnected() => _connected.TrySetResult();

    void IComponentEvents.OnLost() => _lost.TrySetResult();

    void IComponentEvents.OnPresence(Jid from, Element presence) => throw new InvalidOperationException("Nobody shows presence here.");

    void IComponentEvents.OnMessage(Jid from, Element message) => throw new InvalidOperationException("Nobody writes here.");

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Element Question() => new Element("iq", Ns.Client).Set("type", "get").Set("to", $"juliet@{FakeChatServer.Domain}").Add(new Element("vCard", Ns.VCard));

    private static bool IsQuestion(Element stanza) => stanza.Child("vCard", Ns.VCard) is not null;

    private async Task Start(Func<Task> until)
    {
        _running = _link.Run(this, _ended.Token);
        await until().WaitAsync(Timeout);
    }

    private async Task Until(Func<bool> isSo)
    {
        while (true)
        {
            var pulse = _pulse.Task;
            if (isSo())
            {
                return;
            }

            await pulse.WaitAsync(Timeout);
        }
    }
}
