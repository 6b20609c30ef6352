using System.Reflection;
using System.Reflection.Emit;

namespace Pasteur.Tests.Support;

/// <summary>What compiled code calls. Of a clock and of chance no test can be sure: of what is asked there can be.</summary>
internal static class CallsIn
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // ECMA-335 III.1.2.1: of one byte, or of two that begin with FE.
    private static readonly Dictionary<int, OperandType> s_operands = typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF, code => code.OperandType);

    /// <summary>What a method names, in order: methods and constructors, called or taken as a delegate. Of one that is async, what its body does.</summary>
    public static IReadOnlyList<MethodBase> Method(MethodBase method)
    {
        var stateMachine = method.GetCustomAttribute<System.Runtime.CompilerServices.StateMachineAttribute>()?.StateMachineType;
        if (stateMachine is not null) method = stateMachine.GetMethod("MoveNext", All)!;
        var calls = new List<MethodBase>();
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) return calls;
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var opcode = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            at += opcode > 0xFF ? 2 : 1;
            var operand = s_operands[opcode];
            if (operand == OperandType.InlineMethod) calls.Add(method.Module.ResolveMethod(BitConverter.ToInt32(code, at), ofType, ofMethod)!);
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
        return calls;
    }

    /// <summary>All that a type's own code calls, and that of what the compiler nested into it: lambdas, iterators and what is async.</summary>
    public static IEnumerable<MethodBase> Type(Type type) =>
        type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)).SelectMany(method => Method(method))
            .Concat(type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).SelectMany(Type));
}
