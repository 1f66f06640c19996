namespace Likeness;

/// <summary>What is done for people this server does not know (L-60).</summary>
public enum GravatarMode
{
    /// <summary>Nothing leaves this server.</summary>
    Off,

    /// <summary>The browser is sent to Gravatar, which then sees who asks.</summary>
    Redirect,

    /// <summary>This server asks, with nothing of the browser's.</summary>
    Proxy,
}
