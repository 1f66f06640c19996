namespace Likeness.Imaging.Faces.Robots;

/// <summary>Mouths about (256, 308); <c>currentColor</c> is the light of the eyes.</summary>
internal static class Grilles
{
    public static readonly IReadOnlyList<string> All =
    [
        """<rect x="176" y="284" width="160" height="48" rx="12" fill="#27233a"/><path d="M208 284V332M240 284V332M272 284V332M304 284V332" stroke="#fff" stroke-width="10"/>""",
        """<path d="M180 294H332V304a34 34 0 0 1 -34 34H214a34 34 0 0 1 -34 -34Z" fill="#27233a"/><path d="M200 304H312" stroke="#fff" stroke-width="14"/>""",
        """<path d="M186 296Q256 346 326 296" fill="none" stroke="#27233a" stroke-width="18" stroke-linecap="round"/>""",
        """<path d="M184 288H328M196 312H316M208 336H304" stroke="#27233a" stroke-width="14" stroke-linecap="round"/>""",
        """<rect x="172" y="284" width="168" height="52" rx="26" fill="#27233a"/><path d="M190 310L212 296L234 322L256 296L278 322L300 296L322 310" fill="none" stroke="currentColor" stroke-width="10" stroke-linejoin="round"/>""",
        """<g fill="#27233a"><circle cx="196" cy="310" r="14"/><circle cx="236" cy="310" r="14"/><circle cx="276" cy="310" r="14"/><circle cx="316" cy="310" r="14"/></g>""",
        """<path d="M196 310H316" stroke="#27233a" stroke-width="20" stroke-linecap="round"/>""",
        """<path d="M180 288H332V332H308V312H284V332H260V312H236V332H212V312H188V332H180Z" fill="#27233a"/>""",
        """<circle cx="256" cy="310" r="30" fill="#27233a"/><circle cx="256" cy="310" r="14" fill="currentColor"/>""",
        """<rect x="176" y="284" width="160" height="54" rx="12" fill="#27233a"/><path d="M190 298H204V324H190ZM214 306H228V324H214ZM238 296H252V324H238ZM262 304H276V324H262ZM286 292H300V324H286ZM310 308H324V324H310Z" fill="currentColor"/>""",
    ];
}
