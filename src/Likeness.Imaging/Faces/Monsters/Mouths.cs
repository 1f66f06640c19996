namespace Likeness.Imaging.Faces.Monsters;

/// <summary>Mouths about (256, 328).</summary>
internal static class Mouths
{
    public static readonly IReadOnlyList<string> All =
    [
        """<path d="M192 316Q256 376 320 316" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/><path d="M214 334L226 366L244 345ZM298 334L286 366L268 345Z" fill="#fff"/>""",
        """<path d="M176 306H336Q330 384 256 384T176 306Z" fill="#27233a"/><path d="M196 306H316V330H196Z" fill="#fff"/>""",
        """<ellipse cx="256" cy="334" rx="28" ry="32" fill="#27233a"/><ellipse cx="256" cy="352" rx="16" ry="10" fill="#ef6f7d"/>""",
        """<path d="M178 330L204 310L230 340L256 310L282 340L308 310L334 330" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round" stroke-linejoin="round"/>""",
        """<path d="M186 312Q256 352 326 312" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/><path d="M256 332H304V360a24 24 0 0 1 -48 0Z" fill="#ef6f7d"/>""",
        """<path d="M180 308H332Q330 380 256 380T180 308Z" fill="#27233a"/><path d="M196 308L212 344L228 308ZM284 308L300 344L316 308Z" fill="#fff"/><ellipse cx="256" cy="362" rx="36" ry="16" fill="#ef6f7d"/>""",
        """<path d="M190 334H322" stroke="#27233a" stroke-width="18" stroke-linecap="round"/><path d="M208 334V300H236V334ZM276 334V300H304V334Z" fill="#fff"/>""",
        """<rect x="176" y="304" width="160" height="64" rx="30" fill="#27233a"/><path d="M192 316H218V356H192ZM224 316H252V356H224ZM260 316H288V356H260ZM294 316H320V356H294Z" fill="#fff"/>""",
        """<path d="M216 324Q236 350 256 324Q276 350 296 324" fill="none" stroke="#27233a" stroke-width="16" stroke-linecap="round" stroke-linejoin="round"/>""",
        """<path d="M212 326Q262 356 310 308" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/>""",
        """<path d="M170 320Q210 300 256 320T342 320Q320 374 256 374T170 320Z" fill="#27233a"/><path d="M196 320L210 346L224 322ZM244 326L258 350L272 330ZM292 330L304 350L318 326Z" fill="#fff"/>""",
        """<path d="M196 346Q256 300 316 346" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/><path d="M216 336L222 304L242 326ZM296 336L290 304L270 326Z" fill="#fff"/>""",
    ];
}
