using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Federation;

/// <summary>This server and another one, with juliet online here and romeo there.</summary>
internal sealed record ChatPair(ChatServer Here, ChatServer There, XmppClient Juliet, XmppClient Romeo) : IAsyncDisposable
{
    /// <summary>What both said, for whoever waited for something in vain.</summary>
    public string Logs => $"{Here.Log}\n\n{There.Domain}:\n{There.Log}";

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

    public async ValueTask DisposeAsync()
    {
        await Juliet.DisposeAsync();
        await Romeo.DisposeAsync();
        await Here.DisposeAsync();
        await There.DisposeAsync();
    }
}
