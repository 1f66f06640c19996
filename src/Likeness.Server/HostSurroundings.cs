using Likeness.Imaging.Workers;
using Likeness.Server.Options;
using Likeness.Web;
using Likeness.Xmpp.Server.Routing;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>What a server is given by the program it runs in.</summary>
/// <param name="RenderWorker">The program that renders pictures.</param>
public sealed record HostSurroundings(WorkerCommand RenderWorker)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Action<ILoggingBuilder> Logging { get; init; } = _ => { };

    /// <summary>What the program examines servers with, for people who ask on a page whether their picture is seen; null: nothing.</summary>
    public Func<PictureCheckSurroundings, IPictureCheck>? PictureCheck { get; init; }
}

/// <summary>What looking for pictures needs of the server.</summary>
/// <param name="Chats">Null: chats are not served here.</param>
/// <param name="Bound">Where the server listens, once it does.</param>
public sealed record PictureCheckSurroundings(LikenessOptions Options, AccountAsker? Chats, Func<BoundAddresses> Bound, TimeProvider Time);
