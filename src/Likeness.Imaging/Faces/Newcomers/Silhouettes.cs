namespace Likeness.Imaging.Faces.Newcomers;

/// <summary>Parts of an outline of one colour: hair about a head at (256, 206), shoulders from y 340 down. <c>currentColor</c> is the ground.</summary>
internal static class Silhouettes
{
    public const string Head = """<ellipse cx="256" cy="208" rx="88" ry="104"/><rect x="212" y="270" width="88" height="100" rx="30"/>""";

    public static readonly IReadOnlyList<string> Hair =
    [
        "",
        """<path d="M154 214C140 110 196 84 256 84S372 110 358 214L340 226Q340 150 256 150T172 226Z"/>""",
        """<circle cx="256" cy="70" r="42"/><path d="M160 210C150 120 206 92 256 92S362 120 352 210Z"/>""",
        """<path d="M128 420C146 330 124 84 256 84S366 330 384 420Q340 420 322 370H190Q172 420 128 420Z"/>""",
        """<path d="M256 72a46 46 0 0 1 62 24a46 46 0 0 1 50 58a44 44 0 0 1 10 70a40 40 0 0 1 -30 60H164a40 40 0 0 1 -30 -60a44 44 0 0 1 10 -70a46 46 0 0 1 50 -58a46 46 0 0 1 62 -24Z"/>""",
        """<path d="M158 180L150 96L190 122L206 70L240 108L270 60L290 106L330 78L330 124L372 110L354 190Z"/>""",
        """<path d="M160 200C150 110 210 84 256 84C330 84 380 120 372 190C420 210 430 300 392 360C386 310 372 280 346 262Z"/>""",
        """<path d="M120 164Q120 148 160 148C164 90 200 74 256 74S348 90 352 148Q392 148 392 164Q392 178 256 178T120 178Z"/>""",
        """<path d="M160 176C160 110 196 84 256 84S352 110 352 160H420Q430 176 410 180H160Z"/>""",
        """<circle cx="166" cy="112" r="44"/><circle cx="346" cy="112" r="44"/><path d="M160 200C150 120 206 92 256 92S362 120 352 200Z"/>""",
        """<path d="M164 190C144 320 200 384 256 384S368 320 348 190Z"/><path d="M160 200C154 120 206 92 256 92S358 120 352 200Z"/>""",
        """<path d="M156 216C130 116 180 76 236 84C260 60 380 76 368 150Q370 200 350 226Q350 176 316 150Q256 196 174 168Z"/>""",
        """<path d="M226 150V64L240 84L256 46L272 84L286 64V150Z"/>""",
        """<path d="M146 330C110 200 150 76 256 76S402 200 366 330Q340 346 330 300V180H182V300Q172 346 146 330Z"/>""",
    ];

    public static readonly IReadOnlyList<string> Shoulders =
    [
        """<path d="M64 512C64 404 142 344 256 344C370 344 448 404 448 512Z"/>""",
        """<path d="M52 512V470Q52 392 150 372L256 344L362 372Q460 392 460 470V512Z"/>""",
        """<path d="M104 512C104 404 160 348 256 348S408 404 408 512Z"/>""",
        """<path d="M40 512L96 400Q110 374 140 368L256 344L372 368Q402 374 416 400L472 512Z"/>""",
        """<path d="M76 512V440Q76 360 156 360H356Q436 360 436 440V512Z"/>""",
        """<path d="M30 512Q60 380 190 372Q220 344 256 344T322 372Q452 380 482 512Z"/>""",
    ];

    public static readonly IReadOnlyList<string> Collars =
    [
        "",
        """<path d="M200 352L256 436L312 352" fill="none" stroke="currentColor" stroke-width="12"/>""",
        """<path d="M196 356Q256 420 316 356" fill="none" stroke="currentColor" stroke-width="12"/>""",
        """<path d="M202 362L238 408L256 380L274 408L310 362" fill="none" stroke="currentColor" stroke-width="10" stroke-linejoin="round"/><path d="M256 392L272 410L264 512H248L240 410Z" fill="currentColor"/>""",
        """<path d="M190 372Q256 400 322 372V396Q256 424 190 396Z" fill="currentColor"/><path d="M290 408L322 492H290L272 412Z" fill="currentColor"/>""",
        """<path d="M256 382L214 358V412ZM256 382L298 358V412Z" fill="currentColor"/><circle cx="256" cy="384" r="10" fill="currentColor"/>""",
        """<path d="M256 372V512" stroke="currentColor" stroke-width="8"/><path d="M256 420h1M256 460h1" stroke="currentColor" stroke-width="22" stroke-linecap="round"/>""",
        """<path d="M206 356Q206 424 256 424T306 356" fill="none" stroke="currentColor" stroke-width="7"/><circle cx="256" cy="430" r="15" fill="currentColor"/>""",
    ];
}
