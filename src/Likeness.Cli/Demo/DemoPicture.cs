using System.Globalization;
using System.Text;
using Likeness.Imaging;

namespace Likeness.Cli.Demo;

/// <summary>A portrait drawn for the demo: soft light, hair, a face, grain like a photograph's.</summary>
internal static class DemoPicture
{
    private const int Size = 192;

    /// <summary>The PNG that the demo publishes, small enough for chats.</summary>
    public static async Task<byte[]> Png(CancellationToken cancellationToken)
    {
        await using var renderer = RenderWorkerCommand.Renderer();
        var drawing = await renderer.Render(RenderRequest.Face(Drawing(), 512, ImageFormat.Png), cancellationToken);
        var small = await renderer.Render(RenderRequest.InBand(drawing.Bytes, Size), cancellationToken);
        return small.Bytes.ToArray();
    }

    private static string Drawing() =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 100 100">
          <defs>
            <linearGradient id="sky" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#f6c58f"/><stop offset=".55" stop-color="#d9798b"/><stop offset="1" stop-color="#4d4a86"/></linearGradient>
            <radialGradient id="skin" cx=".4" cy=".35" r=".75"><stop offset="0" stop-color="#fbdcc0"/><stop offset="1" stop-color="#c98a68"/></radialGradient>
            <linearGradient id="hair" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#7a4526"/><stop offset="1" stop-color="#2c1710"/></linearGradient>
            <linearGradient id="dress" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8d2c46"/><stop offset="1" stop-color="#451324"/></linearGradient>
          </defs>
          <rect width="100" height="100" fill="url(#sky)"/>
          <circle cx="20" cy="20" r="9" fill="#fff3d6" opacity=".8"/>
          {Grain()}
          <path d="M26 92 C20 50 26 18 50 17 C74 18 80 50 74 92 Z" fill="url(#hair)"/>
          <path d="M12 100 C16 80 36 76 50 76 C64 76 84 80 88 100 Z" fill="url(#dress)"/>
          <path d="M42 62 L58 62 L60 79 C54 85 46 85 40 79 Z" fill="#c98a68"/>
          <ellipse cx="50" cy="47" rx="18" ry="22" fill="url(#skin)"/>
          <path d="M31 46 C32 26 42 22 52 24 C62 24 69 32 69 46 C64 38 58 34 46 33 C40 36 35 40 31 46 Z" fill="url(#hair)"/>
          <ellipse cx="43" cy="47" rx="2.6" ry="1.8" fill="#fff"/><circle cx="43.3" cy="47" r="1.5" fill="#3a2a1c"/>
          <ellipse cx="57" cy="47" rx="2.6" ry="1.8" fill="#fff"/><circle cx="57.3" cy="47" r="1.5" fill="#3a2a1c"/>
          <path d="M39 43 Q43 40.5 46.5 42.8 M53.5 42.8 Q57 40.5 61 43" stroke="#4a2b1b" stroke-width="1.1" fill="none"/>
          <path d="M50 48 Q48.5 54 50.8 55" stroke="#a8694c" stroke-width=".9" fill="none"/>
          <path d="M44 60 Q50 64.5 56 60 Q50 61.5 44 60 Z" fill="#b2404f"/>
          <ellipse cx="39" cy="54" rx="3.6" ry="2.4" fill="#e8857c" opacity=".35"/><ellipse cx="61" cy="54" rx="3.6" ry="2.4" fill="#e8857c" opacity=".35"/>
        </svg>
        """;

    /// <summary>Lights out of focus, always the same ones.</summary>
    private static string Grain()
    {
        var random = new Random(1597);
        var lights = new StringBuilder();
        for (var number = 0; number < 40; number++)
        {
            lights.Append(
                CultureInfo.InvariantCulture,
                $"""<circle cx="{random.Next(100)}" cy="{random.Next(100)}" r="{1 + random.Next(5)}" fill="#ffe9c9" opacity=".{10 + random.Next(15)}"/>""");
        }

        return lights.ToString();
    }
}
