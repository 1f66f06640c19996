namespace Likeness.Xmpp.Tests.Client.Avatars;

/// <summary>A picture of one red pixel.</summary>
internal static class RedPixel
{
    public const string Id = "58a8ca82092f68cfa7768eb2c097879aa6bdc556";

    public static byte[] Png { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC");
}
