using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Federation;

/// <summary>This server and another one, with juliet online here and romeo there.</summary>
internal sealed record ChatPair(ChatServer Here, ChatServer There, XmppClient Juliet, XmppClient Romeo) : IAsyncDisposable
{
    /// <param name="kind">What the other one is.</param>
    public static async Task<ChatPair> Open(ChatNames names, string kind, bool isSigned = true, string? presence = null, Func<Element, Element?>? answer = null)
    {
        var here = ChatServer.Make("likeness", names, isSigned);
        var there = ChatServer.Make(kind, names, isSigned);
        try
        {
            await Task.WhenAll(here.Start(), there.Start());
            await Task.WhenAll(here.AddUser("juliet"), there.AddUser("romeo"));
            return new ChatPair(here, there, await here.LogIn("juliet", presence, answer), await there.LogIn("romeo", presence, answer));
        }
        catch
        {
            await here.DisposeAsync();
            await there.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fails with what both servers said when something is waited for in vain.</summary>
    public async Task Within(int seconds, Func<CancellationToken, Task> scene)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await scene(late.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{Here.Log}\n\n{There.Domain}:\n{There.Log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Juliet.DisposeAsync();
        await Romeo.DisposeAsync();
        await Here.DisposeAsync();
        await There.DisposeAsync();
    }
}
