// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TokenLedger.Core.Json;

/// <summary>
/// One JSON value and its place. Each method reads it as one thing, or throws
/// <see cref="StrictJsonException"/>.
/// </summary>
public readonly record struct StrictValue
{
    private const int MaxShown = 60;

    private readonly JsonElement _element;

    internal StrictValue(string path, JsonElement element)
    {
        Path = path;
        _element = element;
    }

    /// <summary>The place in the file, for example $.assets[2].cap.</summary>
    public string Path { get; }

    /// <summary>Reads an object, and refuses the keys that <paramref name="read"/> did not ask for.</summary>
    public T Object<T>(Func<StrictObject, T> read)
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            throw Unexpected("an object");
        }

        var members = new StrictObject(Path, _element);
        T result = read(members);
        members.RefuseUnknown();
        return result;
    }

    /// <summary>Reads an array of at most <paramref name="max"/> items.</summary>
    public ImmutableArray<T> List<T>(int max, Func<StrictValue, T> read)
    {
        if (_element.ValueKind != JsonValueKind.Array)
        {
            throw Unexpected("an array");
        }

        int count = _element.GetArrayLength();
        if (count > max)
        {
            throw new StrictJsonException(Path, $"{count} items", $"at most {max} items");
        }

        var items = ImmutableArray.CreateBuilder<T>(count);
        int index = 0;
        foreach (JsonElement item in _element.EnumerateArray())
        {
            items.Add(read(new StrictValue($"{Path}[{index}]", item)));
            index++;
        }

        return items.MoveToImmutable();
    }

    /// <summary>Reads text of at most <paramref name="maxBytes"/> bytes of UTF-8.</summary>
    public string Text(int maxBytes)
    {
        string text = AnyText($"text of at most {maxBytes} bytes of UTF-8");
        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= maxBytes
            ? text
            : throw new StrictJsonException(
                Path, $"{bytes} bytes of text", $"at most {maxBytes} bytes of UTF-8");
    }

    /// <summary>Reads a whole number in a range, both ends included.</summary>
    public ulong Number(ulong min, ulong max)
    {
        string expected = $"a whole number from {min} to {max}";
        bool plain = _element.ValueKind == JsonValueKind.Number
            && !_element.GetRawText().AsSpan().ContainsAnyExceptInRange('0', '9');
        return plain && _element.TryGetUInt64(out ulong number) && number >= min && number <= max
            ? number
            : throw Unexpected(expected);
    }

    /// <summary>Reads true or false.</summary>
    public bool Flag() => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unexpected("true or false"),
    };

    /// <summary>Reads an amount of atomic units: a decimal string.</summary>
    public Amount Amount()
    {
        const string Expected = "a decimal string of atomic units, 0 to 2^128 − 1, such as \"2500000\"";
        return Core.Amount.TryParse(AnyText(Expected), out Amount amount)
            ? amount
            : throw Unexpected(Expected);
    }

    /// <summary>Reads a number of up to 128 bits: a decimal string.</summary>
    public UInt128 Wide()
    {
        const string Expected = "a decimal string, 0 to 2^128 − 1, such as \"1000000\"";
        return Core.Amount.TryParse(AnyText(Expected), out Amount amount)
            ? amount.Units
            : throw Unexpected(Expected);
    }

    /// <summary>Reads an address: 0x and 40 lower-case digits.</summary>
    public Address Address()
    {
        const string Expected = "an address: 0x and 40 hexadecimal digits in lower case";
        return Core.Address.TryParse(AnyText(Expected), out Address address)
            ? address
            : throw Unexpected(Expected);
    }

    /// <summary>Reads a hash: 64 lower-case hexadecimal digits.</summary>
    public Hash256 Hash()
    {
        const string Expected = "a hash: 64 hexadecimal digits in lower case";
        string text = AnyText(Expected);
        bool plain = text.Length == 2 * Hash256.Size && !text.AsSpan().ContainsAnyInRange('A', 'F');
        return plain && Hash256.TryParse(text, out Hash256 hash) ? hash : throw Unexpected(Expected);
    }

    /// <summary>Reads an asset's symbol.</summary>
    public AssetId Asset()
    {
        const string Expected = "a symbol: 2 to 16 of A–Z, 0–9 and '-', a letter first, no '-' last";
        return AssetId.TryParse(AnyText(Expected), out AssetId asset) ? asset : throw Unexpected(Expected);
    }

    /// <summary>Reads the name of an enum value, as <see cref="SnakeCase"/> spells it.</summary>
    public T Name<T>()
        where T : struct, Enum
    {
        IReadOnlyList<string> names = SnakeCase.Names<T>();
        string expected = $"one of {string.Join(", ", names)}";
        string text = AnyText(expected);
        return SnakeCase.TryParse(text, out T value) ? value
            : Nearest.Of(text, names) is { } near ? throw Unexpected($"{expected} (did you mean {near}?)")
            : throw Unexpected(expected);
    }

    /// <summary>Reads a day as its midnight, UTC: YYYY-MM-DD, from 1970 on.</summary>
    public TimestampMs Date()
    {
        const string Expected = "a day from 1970 on: YYYY-MM-DD";
        return TryTime(AnyText(Expected), ["yyyy-MM-dd"], out TimestampMs time)
            ? time
            : throw Unexpected(Expected);
    }

    /// <summary>Reads a moment, UTC: YYYY-MM-DDThh:mm:ss.mmmZ, the milliseconds may be left out.</summary>
    public TimestampMs Time()
    {
        const string Expected = "a moment in UTC from 1970 on: YYYY-MM-DDThh:mm:ss.mmmZ";
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];
        return TryTime(AnyText(Expected), formats, out TimestampMs time) ? time : throw Unexpected(Expected);
    }

    /// <summary>The error that something else was expected here.</summary>
    public StrictJsonException Unexpected(string expected)
    {
        string raw = _element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => _element.GetRawText(),
        };
        return new StrictJsonException(Path, raw.Length <= MaxShown ? raw : raw[..MaxShown] + "…", expected);
    }

    private string AnyText(string expected)
    {
        if (_element.ValueKind != JsonValueKind.String)
        {
            throw Unexpected(expected);
        }

        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair passes the parser, and is no text.
            throw new StrictJsonException(Path, "text that is not Unicode", expected);
        }
    }

    private static bool TryTime(string text, string[] formats, out TimestampMs time)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        time = default;
        if (!DateTimeOffset.TryParseExact(
            text, formats, CultureInfo.InvariantCulture, Utc, out DateTimeOffset parsed)
            || parsed.ToUnixTimeMilliseconds() < 0)
        {
            return false;
        }

        time = new TimestampMs((ulong)parsed.ToUnixTimeMilliseconds());
        return true;
    }
}
