// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing;

/// <summary>What one case did.</summary>
/// <param name="Accepted">The parser took the input.</param>
/// <param name="Mutated">The input is not a valid one as the generator made it.</param>
/// <param name="Allocated">Bytes that the call allocated.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
internal readonly record struct CaseResult(
    bool Accepted, bool Mutated, long Allocated, TimeSpan Time, string? Problem);

/// <summary>
/// Runs the cases of one parser. Case i depends on the seed, the parser's name and i, and on nothing else.
/// Thread-safe when the parser is.
/// </summary>
internal sealed class Fuzzer
{
    /// <summary>No call may take longer: whoever sends such inputs would stop a node.</summary>
    public static readonly TimeSpan SlowestCall = TimeSpan.FromSeconds(1);

    private const int CorpusSize = 64;
    private const int UsualBytes = 2 * 1024;
    private const int FreshOneIn = 8;

    /// <summary>A call that was slow or large is looked at again: a busy machine or a first use may be why.
    /// </summary>
    private const int SecondLooks = 3;

    private readonly ulong _base;
    private readonly ImmutableArray<Sample> _corpus;

    public Fuzzer(FuzzTarget target, ulong seed)
    {
        Target = target;
        Seed = seed;
        _base = new DeterministicRandom(seed).Fork(target.Name).Next();
        var random = new DeterministicRandom(_base);
        _corpus =
        [
            .. Enumerable.Range(0, CorpusSize).Select(i => target.Shape.Cut(Valid(random, i), Quietly)),
        ];
    }

    public FuzzTarget Target { get; }

    public ulong Seed { get; }

    /// <summary>The input of a case.</summary>
    public byte[] Input(ulong index, out bool mutated)
    {
        var random = new DeterministicRandom(unchecked(_base + (index * 0x9E37_79B9_7F4A_7C15)));
        mutated = random.Below(FreshOneIn) != 0;
        return mutated
            ? Target.Shape.Mutate(random.Pick(_corpus), random.Pick(_corpus), random)
            : Target.Sample(new CoreGenerator((int)(random.Next() >> 33)));
    }

    /// <summary>Runs a case.</summary>
    public CaseResult Run(ulong index)
    {
        byte[] input = Input(index, out bool mutated);
        CaseResult result = Judge(input);
        for (int look = 0; look < SecondLooks && result.Problem is not null; look++)
        {
            result = Judge(input);
        }

        return result with { Mutated = mutated };
    }

    /// <summary>Judges what the parser does with an input.</summary>
    public CaseResult Judge(byte[] input)
    {
        object? value = null;
        string? problem = null;
        long started = TimeProvider.System.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            value = Target.Decode(input);
        }
        catch (Exception e)
        {
            problem = Target.Declared.Any(type => type.IsInstanceOfType(e))
                ? null
                : $"{e.GetType().Name}, which it does not declare: {e.Message}\n{e.StackTrace}";
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan time = TimeProvider.System.GetElapsedTime(started);
        long limit = Target.AllocatedBytes + ((long)Target.AllocatedPerByte * input.Length);
        problem ??= allocated > limit ? $"allocated {allocated} bytes; the limit is {limit}"
            : time > SlowestCall ? $"took {time.TotalMilliseconds} ms"
            : value is null ? null
            : Respelled(input, value);
        return new CaseResult(value is not null, true, allocated, time, problem);
    }

    private string? Respelled(byte[] input, object value)
    {
        if (Target.Spelling == Spelling.None)
        {
            return null;
        }

        try
        {
            byte[] again = Target.Encode!(value);
            if (Target.Spelling == Spelling.Normal)
            {
                input = again;
                again = Target.Encode(Target.Decode(again)
                    ?? throw new FormatException("what it wrote itself is refused"));
            }

            return input.AsSpan().SequenceEqual(again)
                ? null
                : $"accepted, and encodes to other bytes: {Convert.ToHexString(again)}";
        }
        catch (Exception e)
        {
            return $"accepted, and encoding it again fails: {e.GetType().Name}: {e.Message}\n{e.StackTrace}";
        }
    }

    /// <summary>A valid input, mostly a short one: what is long is slow and has the same fields.</summary>
    private byte[] Valid(DeterministicRandom random, int index)
    {
        byte[] shortest = Target.Sample(new CoreGenerator((int)(random.Next() >> 33)));
        for (int tries = 0; index % 16 != 0 && tries < 8 && shortest.Length > UsualBytes; tries++)
        {
            byte[] other = Target.Sample(new CoreGenerator((int)(random.Next() >> 33)));
            shortest = other.Length < shortest.Length ? other : shortest;
        }

        return shortest;
    }

    /// <summary>For finding fields only: what goes wrong here goes wrong in a case too.</summary>
    private object? Quietly(byte[] input)
    {
        try
        {
            return Target.Decode(input);
        }
        catch (Exception e) when (e is not FormatException
            && Target.Declared.Any(type => type.IsInstanceOfType(e)))
        {
            return null;
        }
    }
}
