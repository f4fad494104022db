// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;

namespace TokenLedger.Explorer.Browser.Tests.Browsing;

/// <summary>How a page is looked at.</summary>
/// <param name="Language">"en" or "ur".</param>
/// <param name="Dark">What the device prefers.</param>
/// <param name="Width">Of the window, in CSS pixels.</param>
/// <param name="Script">Whether JavaScript runs.</param>
public sealed record PageSetting(string Language, bool Dark, int Width, bool Script)
{
    /// <summary>{ur, en} × {light, dark} × {360, 1280} × {JavaScript on, off}.</summary>
    public static IReadOnlyList<PageSetting> All { get; } =
    [
        .. from language in (string[])["en", "ur"]
           from dark in (bool[])[false, true]
           from width in (int[])[360, 1280]
           from script in (bool[])[true, false]
           select new PageSetting(language, dark, width, script),
    ];

    /// <summary>As rows of a theory.</summary>
    public static IEnumerable<object[]> Rows => All.Select(
        static one => new object[] { one.Language, one.Dark, one.Width, one.Script });

    /// <summary>A part of a screenshot's name.</summary>
    public string Name =>
        $"{Language}-{(Dark ? "dark" : "light")}-{Width}-{(Script ? "script" : "noscript")}";

    internal BrowserNewContextOptions Options => new()
    {
        Locale = Language == "ur" ? "ur-PK" : "en-GB",
        ColorScheme = Dark ? ColorScheme.Dark : ColorScheme.Light,
        ViewportSize = new ViewportSize { Width = Width, Height = 800 },
        JavaScriptEnabled = Script,
        TimezoneId = "Asia/Karachi",
        ReducedMotion = ReducedMotion.Reduce,
    };
}
