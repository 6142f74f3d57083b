<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
    <context>
        <name>Moments</name>
        <message numerus="yes">
            <source>in %n min</source>
            <translation>
                <numerusform>in %n min</numerusform>
                <numerusform>in %n min</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n h</source>
            <translation>
                <numerusform>in %n h</numerusform>
                <numerusform>in %n h</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n day(s)</source>
            <translation>
                <numerusform>in %n day</numerusform>
                <numerusform>in %n days</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n s ago</source>
            <translation>
                <numerusform>%n s ago</numerusform>
                <numerusform>%n s ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min ago</source>
            <translation>
                <numerusform>%n min ago</numerusform>
                <numerusform>%n min ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>%n day ago</numerusform>
                <numerusform>%n days ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min</source>
            <translation>
                <numerusform>%n min</numerusform>
                <numerusform>%n min</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Sentences</name>
        <message numerus="yes">
            <source>That is not the PIN. %n tries left.</source>
            <translation>
                <numerusform>That is not the PIN. %n try left.</numerusform>
                <numerusform>That is not the PIN. %n tries left.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ActivityPage</name>
        <message numerus="yes">
            <source>Show %n new</source>
            <translation>
                <numerusform>Show %n new</numerusform>
                <numerusform>Show %n new</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::AgentListModel</name>
        <message numerus="yes">
            <source>%n client(s)</source>
            <translation>
                <numerusform>%n client</numerusform>
                <numerusform>%n clients</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ConnectionPage</name>
        <message numerus="yes">
            <source>Tasker answers. %n project(s) of yours: </source>
            <translation>
                <numerusform>Tasker answers. %n project of yours: </numerusform>
                <numerusform>Tasker answers. %n projects of yours: </numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::DiffView</name>
        <message numerus="yes">
            <source>⋯ %n line(s) as before</source>
            <translation>
                <numerusform>⋯ %n line as before</numerusform>
                <numerusform>⋯ %n lines as before</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::GrantEditor</name>
        <message numerus="yes">
            <source>For %n day(s)</source>
            <translation>
                <numerusform>For %n day</numerusform>
                <numerusform>For %n days</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n change(s) not saved</source>
            <translation>
                <numerusform>%n change not saved</numerusform>
                <numerusform>%n changes not saved</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::JournalModel</name>
        <message numerus="yes">
            <source>%n row(s)</source>
            <translation>
                <numerusform>%n row</numerusform>
                <numerusform>%n rows</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Rows stay for %n day(s). Older ones are exported to a folder of signed files first, and only then removed.</source>
            <translation>
                <numerusform>Rows stay for %n day. Older ones are exported to a folder of signed files first, and only then removed.</numerusform>
                <numerusform>Rows stay for %n days. Older ones are exported to a folder of signed files first, and only then removed.</numerusform>
            </translation>
        </message>
    </context>
</TS>
