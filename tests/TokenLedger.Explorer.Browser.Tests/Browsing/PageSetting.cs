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
    /// <summary>{light, dark} × {360, 1280}: what a page that is loaded can be looked at in, each a step from
    /// the one before.</summary>
    public static IReadOnlyList<(bool Dark, int Width)> Looks { get; } =
        [(false, 1280), (false, 360), (true, 360), (true, 1280)];

    /// <summary>{ur, en}: together with looks and with {JavaScript on, off} every setting there is.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "ur"];

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
