// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.Core;

/// <summary>Number of a block in the chain; genesis is 0.</summary>
public readonly record struct Height(ulong Value) : IComparable<Height>
{
    /// <summary>The next height.</summary>
    public Height Next => new(Value + 1);

    /// <inheritdoc/>
    public int CompareTo(Height other) => Value.CompareTo(other.Value);

    /// <summary>Numeric order.</summary>
    public static bool operator <(Height left, Height right) => left.Value < right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >(Height left, Height right) => left.Value > right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(Height left, Height right) => left.Value <= right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(Height left, Height right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Number of a leader's turn in consensus, from 1; genesis is view 0. Many views may pass for one height.
/// </summary>
public readonly record struct View(ulong Value) : IComparable<View>
{
    /// <summary>The next view.</summary>
    public View Next => new(Value + 1);

    /// <summary>The view before; of view 0, view 0.</summary>
    public View Previous => new(Value == 0 ? 0 : Value - 1);

    /// <inheritdoc/>
    public int CompareTo(View other) => Value.CompareTo(other.Value);

    /// <summary>Numeric order.</summary>
    public static bool operator <(View left, View right) => left.Value < right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >(View left, View right) => left.Value > right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(View left, View right) => left.Value <= right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(View left, View right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Number of a validator set's reign, from 0. A vote counts in its own epoch only.</summary>
public readonly record struct Epoch(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Milliseconds since 1970-01-01 UTC, leap seconds not counted.</summary>
public readonly record struct TimestampMs(ulong Value) : IComparable<TimestampMs>
{
    /// <inheritdoc/>
    public int CompareTo(TimestampMs other) => Value.CompareTo(other.Value);

    /// <summary>Earlier and later.</summary>
    public static bool operator <(TimestampMs left, TimestampMs right) => left.Value < right.Value;

    /// <summary>Earlier and later.</summary>
    public static bool operator >(TimestampMs left, TimestampMs right) => left.Value > right.Value;

    /// <summary>Earlier and later.</summary>
    public static bool operator <=(TimestampMs left, TimestampMs right) => left.Value <= right.Value;

    /// <summary>Earlier and later.</summary>
    public static bool operator >=(TimestampMs left, TimestampMs right) => left.Value >= right.Value;

    /// <summary>This moment and <paramref name="milliseconds"/> more.</summary>
    public TimestampMs Plus(ulong milliseconds) => new(Value + milliseconds);

    /// <summary>
    /// Milliseconds from <paramref name="earlier"/> to this moment; 0 when this is the earlier.
    /// </summary>
    public ulong Since(TimestampMs earlier) => Value > earlier.Value ? Value - earlier.Value : 0;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
