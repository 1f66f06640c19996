namespace Likeness.Imaging.Faces.Wavatars;

/// <summary>Mouths about (256, 378).</summary>
internal static class Mouths
{
    public static readonly IReadOnlyList<string> All =
    [
        """<path d="M178 362Q256 436 334 362" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/>""",
        """<path d="M184 356H328Q322 426 256 426T184 356Z" fill="#27233a"/><path d="M222 412Q256 380 290 412Q274 426 256 426T222 412Z" fill="#ef6f7d"/>""",
        """<path d="M184 356H328Q322 420 256 420T184 356Z" fill="#fff" stroke="#27233a" stroke-width="12" stroke-linejoin="round"/>""",
        """<ellipse cx="256" cy="384" rx="30" ry="34" fill="#27233a"/>""",
        """<path d="M196 382H316" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/>""",
        """<path d="M204 376Q262 414 320 356" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/><path d="M308 344Q326 346 332 362" fill="none" stroke="#27233a" stroke-width="12" stroke-linecap="round"/>""",
        """<path d="M194 365Q256 372 318 365Q306 412 256 412T194 365Z" fill="#e2546f"/><path d="M192 364Q222 352 256 366Q290 352 320 364Q290 376 256 376T192 364Z" fill="#c9304f"/>""",
        """<path d="M186 366Q256 396 326 366" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/><path d="M232 384H280V404a24 24 0 0 1 -48 0Z" fill="#ef6f7d"/>""",
        """<rect x="180" y="354" width="152" height="56" rx="26" fill="#27233a"/><path d="M196 364H252V400H206Q196 400 196 382ZM260 364H316V382Q316 400 306 400H260Z" fill="#fff"/>""",
        """<path d="M188 388Q212 356 236 382T284 382T324 374" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/>""",
        """<path d="M214 362H298Q296 412 256 412T214 362Z" fill="#27233a"/><path d="M228 362H284V376H228Z" fill="#fff"/>""",
        """<path d="M256 352C220 338 164 350 148 392C190 400 236 392 256 374C276 392 322 400 364 392C348 350 292 338 256 352Z" fill="#27233a"/><path d="M236 404Q256 416 276 404" fill="none" stroke="#27233a" stroke-width="14" stroke-linecap="round"/>""",
    ];
}
