-- As after a migration.
select holdfast.draw_blueprint(13);
